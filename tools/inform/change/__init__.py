"""Why a cost moved: an exact decomposition of its change, and the tool that tells it."""
