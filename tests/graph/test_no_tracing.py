"""Nothing of a conversation is sent to a tracing service, whatever the environment says."""

import os
import subprocess
import sys

CODE = "import agent.graph, langsmith.utils; print(langsmith.utils.tracing_is_enabled())"


def test_a_tracing_service_that_the_environment_names_is_not_told_of_anything() -> None:
    environment = os.environ | {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "k"}
    told = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
