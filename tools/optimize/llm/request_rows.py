"""Rows of single requests, as records with a hash or a status have them: an SQL relation, and what of it failed."""

from tools.optimize.llm.facts import llm_facts
from tools.optimize.llm.slices import slice_id
from tools.registry import ToolContext

REQUEST_HASH, PREFIX_HASHES, STATUS = "x_RequestHash", "x_PrefixHashes", "x_Status"
SIMHASH, EMBEDDING, BLOCK_TOKENS = "x_SimHash", "x_Embedding", "x_PrefixBlockTokens"


def request_rows(ctx: ToolContext, *extra: str) -> str:
    """A SELECT of the period's token rows (parameters: first day, day after the last) with `extra` columns as text.

    Columns: slice, scope (who shares a provider's cache), tier, kind, moment, cost, quantity, requests (one row of a
    record has them), has_failed, and each of `extra`; NULL for a column that the store lacks.
    """
    columns = ", ".join(f'CAST({_item(ctx, name)} AS VARCHAR) AS "{name}"' for name in extra)
    scope = ", ".join(f"COALESCE({_item(ctx, name)}, '')" for name in ("HostProviderName", "SubAccountId", "x_Model"))
    return (
        f"SELECT {slice_id(ctx)} AS slice, concat_ws(chr(31), {scope}) AS scope, "
        f'{_item(ctx, "x_ServiceTier")} AS tier, "x_TokenType" AS kind, "ChargePeriodStart" AS moment, '
        '"EffectiveCost" AS cost, "ConsumedQuantity" AS quantity, '
        f'"x_Requests" AS requests, {failed(ctx)} AS has_failed{", " if columns else ""}{columns} '
        'FROM charges WHERE "ChargeDay" >= CAST(? AS DATE) AND "ChargeDay" < CAST(? AS DATE) '
        'AND "x_TokenType" IS NOT NULL AND "x_CountsForUsage" AND "EffectiveCost" IS NOT NULL'
    )


def failed(ctx: ToolContext) -> str:
    """Whether a row's request failed, by its status; false where none is told."""
    if STATUS not in ctx.store.columns:
        return "false"
    answered = ", ".join(f"'{one}'" for one in llm_facts().answered_statuses)
    status = f'lower(trim("{STATUS}"))'
    return f"COALESCE({status} NOT IN ({answered}) AND NOT COALESCE(TRY_CAST({status} AS INTEGER) < 400, false), false)"


def _item(ctx: ToolContext, name: str) -> str:
    return f'"{name}"' if name in ctx.store.columns else "CAST(NULL AS VARCHAR)"
