"""What people ask, in several wordings each, and the one call that answers it."""

import pytest

from tests.planner.conftest import Ask

OCTOBER, LAST_WEEK = "in 2026-10-01..2026-11-01", "in 2026-11-16..2026-11-23"
THIS_MONTH, Q3 = "in 2026-11-01..2026-11-24", "in 2026-07-01..2026-10-01"
YEAR_TO_DATE = "in 2026-01-01..2026-11-24"

CASES: dict[str, tuple[str, ...]] = {
    # rankings
    "EffectiveCost by x_Model where x_Model is_not_null limit 5": (
        "top 5 costly models",
        "Top five most expensive models",
        "what are our 5 costliest models?",
        "the 5 priciest models",
        "five biggest models by spend",
        "show me the top 5 models by cost",
        "which 5 models cost the most?",
        "5 models with the highest spend",
        "most expensive models",
        "what models are the most expensive",
        "Could you please list the top 5 most expensive LLMs",
        "which models do we spend the most on?",
    ),
    "EffectiveCost by x_Model where x_Model is_not_null limit 1": (
        "which model is the most expensive?",
        "what is our most expensive model",
        "priciest model",
        "top model",
        "which model costs us the most",
        "what's the costliest model?",
        "which model do we spend most on?",
    ),
    f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} limit 1": (
        "which team spent the most last month?",
        "What team had the highest cost in October?",
        "top team by spend last month",
        "biggest spending team last month",
        "the team with the highest spend in October 2026",
    ),
    f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} ascending limit 3": (
        "bottom 3 teams by spend last month",
        "which 3 teams spent the least in October",
        "3 cheapest teams last month",
        "three lowest spending teams in October",
    ),
    f"EffectiveCost by ServiceName {THIS_MONTH} limit 10": (
        "top 10 services this month",
        "10 most expensive services month to date",
        "10 biggest services mtd",
        "what are the ten costliest services so far this month?",
    ),
    "Tokens by x_Customer where x_Customer is_not_null limit 1": (
        "which customer uses the most tokens?",
        "what client used the most tokens",
        "customer with the highest token usage",
        "top customer by tokens",
    ),
    f"CostPerRequest by x_Model where x_Model is_not_null {OCTOBER} limit 1": (
        "which model had the highest cost per request last month?",
        "most expensive model per request in October",
        "model with the highest cost per call last month",
    ),
    f"CacheHitRate by x_Team where x_Team is_not_null {LAST_WEEK} ascending limit 1": (
        "which team had the lowest cache hit rate last week?",
        "team with the lowest cache-hit rate last week",
    ),
    "EffectiveCost by ServiceName limit 5": (
        "what's our biggest cost driver?",
        "biggest cost drivers",
        "what are we spending the most on?",
        "what costs us the most?",
        "where do we spend the most",
        "main cost drivers",
    ),
    # totals
    f"EffectiveCost {OCTOBER}": (
        "how much did we spend last month?",
        "spend last month",
        "what did we spend in October?",
        "total cost October 2026",
        "What was our total spend for the previous month",
        "oct spend",
        "October's costs",
        "what were our expenses last month",
        "how much money did we burn in oct 2026?",
        "how much was spent between 1 and 31 October",
        "cost, last full month",
        "What did we spend from 2026-10-01 to 2026-10-31?",
        "spend for 2026-10",
        "could you tell me what last month cost us",
    ),
    "EffectiveCost": ("how much do we spend?", "spend", "what is our cost", "total spend", "what are our costs?"),
    f"EffectiveCost where HostProviderName=AWS {OCTOBER}": (
        "What did we spend on AWS in October?",
        "aws spend last month",
        "AWS costs for October",
        "how much did AWS cost us last month?",
        "spend with amazon web services last month",
        "october cost of aws",
        "how much went to AWS last month",
        "provider AWS: spend in October",
        "costs of the provider AWS last month",
    ),
    "BilledCost where HostProviderName=AWS in 2026-09-01..2026-10-01": (
        "What was our AWS invoice in September?",
        "AWS bill for September",
        "how much did AWS bill us in September?",
        "billed cost for AWS in sept 2026",
        "amount invoiced by AWS in September",
    ),
    f"EffectiveCost where x_Model=gpt-5.5-mini {LAST_WEEK}": (
        "spend on gpt5.5 mini last week",
        "cost of GPT-5.5-mini last week",
        "how much did gpt 5.5 mini cost us last week?",
        "what did we spend on the model gpt-5.5-mini last week",
        "gpt-5.5-mini costs, last week",
    ),
    f"EffectiveCost where x_Team=search {OCTOBER}": (
        "what did the search team spend last month?",
        "spend of team search in October",
        "search team's cost last month",
        "cost for search in October",
        "how much did search spend last month",
        "team search spend last month",
    ),
    "EffectiveCost where x_Team=platform in 2026-11-22..2026-11-23": (
        "how much did the platform team spend yesterday",
        "yesterday's spend of team platform",
        "spend for platform yesterday",
        "platform team cost yesterday",
    ),
    f"EffectiveCost where x_Customer=Aldgate Bank {OCTOBER}": (
        "how much did Aldgate Bank cost us in October",
        "aldgate bank spend last month",
        "spend for customer aldgate last month",
        'cost of "Aldgate Bank" in October',
        "aldgte bank cost last month",
    ),
    f"EffectiveCost where RegionId=us-east-1 {OCTOBER}": (
        "spend in us-east-1 last month",
        "cost in us east 1 last month",
        "US-EAST-1 costs in October",
        "how much did region us-east-1 cost last month",
    ),
    f"EffectiveCost where x_Environment=production {OCTOBER}": (
        "production spend last month",
        "how much did prod cost in October",
        "cost of production last month",
        "what did we spend in production last month?",
        "spend only in production, last month",
    ),
    f"EffectiveCost where x_Environment!=production {OCTOBER}": (
        "non-production spend last month",
        "spend not in production last month",
        "last month's cost except production",
        "costs outside of production in October",
        "spend last month without prod",
    ),
    f"EffectiveCost where x_Model=claude-opus-4.5|claude-sonnet-4.5|claude-haiku-4.5 {OCTOBER}": (
        "claude spend last month",
        "cost of claude models in October",
        "how much did we spend on claude last month",
    ),
    f"EffectiveCost where ServiceName=Amazon Elastic Compute Cloud {OCTOBER}": (
        "ec2 spend last month",
        "cost of EC2 in October",
        "how much did Amazon EC2 cost last month",
    ),
    f"EffectiveCost where x_Workload=training {Q3}": (
        "training cost in Q3",
        "what did training cost us in the third quarter",
        "Q3 2026 spend on training",
        "training workload spend in Q3",
    ),
    f"EffectiveCost where ServiceCategory=Storage {OCTOBER}": (
        "spend on storage last month",
        "storage costs in October",
        "how much did storage cost last month",
    ),
    f"EffectiveCost where HostProviderName=OpenAI {OCTOBER}": (
        "spend on OpenAI last month",
        "OpenAI cost in October",
        "how much did we pay OpenAI last month?",
    ),
    f"EffectiveCost where x_ModelDeveloper=OpenAI {OCTOBER}": (
        "spend on OpenAI models last month",
        "cost of OpenAI's models in October",
        "spend for model developer OpenAI last month",
    ),
    # breakdowns
    f"EffectiveCost by x_Team {OCTOBER}": (
        "spend last month by team",
        "cost per team in October",
        "break down last month's spend by team",
        "team costs for October",
        "how much did each team spend last month?",
        "show October spend for each team",
        "spend split by team, last month",
        "what did every team spend last month",
        "last month's spending per squad",
        "breakdown of October cost by team",
    ),
    f"EffectiveCost by HostProviderName,x_Environment {OCTOBER}": (
        "spend by provider and environment last month",
        "October cost per provider and environment",
        "break down last month's cost by cloud provider and by environment",
    ),
    f"EffectiveCost+Tokens by x_Model {THIS_MONTH}": (
        "cost and tokens by model this month",
        "show me spend and tokens per model month to date",
        "this month's cost and token usage by model",
    ),
    f"InputTokens+OutputTokens {OCTOBER}": (
        "input tokens and output tokens last month",
        "how many input tokens and output tokens in October",
    ),
    f"EffectiveCost by x_Model where x_Team=search {LAST_WEEK}": (
        "spend by model for team search last week",
        "what did the search team spend on each model last week?",
        "search team's cost by model last week",
    ),
    "EffectiveCost by ServiceName where HostProviderName=AWS|Microsoft": ("spend by service for AWS and Azure",),
    f"EffectiveCost by HostProviderName where HostProviderName=AWS|Microsoft {OCTOBER}": (
        "compare AWS and Azure last month",
        "AWS vs Azure spend in October",
        "AWS versus Azure costs last month",
        "was AWS more expensive than Azure last month?",
        "spend on AWS and Azure last month",
    ),
    f"EffectiveCost by x_Environment where x_Environment=production|staging {OCTOBER}": (
        "compare production and staging spend last month",
        "production vs staging cost in October",
    ),
    # time series
    f"EffectiveCost {YEAR_TO_DATE} per month": (
        "monthly spend this year",
        "spend per month this year",
        "spend by month ytd",
        "cost month by month, year to date",
        "show our monthly costs since January",
        "each month's spend this year",
    ),
    "EffectiveCost in 2026-10-24..2026-11-23 per day": (
        "daily spend for the last 30 days",
        "spend per day over the past 30 days",
        "cost by day, trailing 30 days",
        "day by day spend in the last 30 days",
    ),
    f"Tokens by x_Model {LAST_WEEK} per day": (
        "tokens per day by model last week",
        "daily token usage by model last week",
        "last week's tokens by model and day",
    ),
    f"EffectiveCost {Q3} per week": ("weekly spend in Q3", "Q3 cost by week", "spend per week in the third quarter"),
    "EffectiveCost in 2026-05-01..2026-11-01 per month": (
        "cost trend over the last 6 months",
        "how has spend changed over the last 6 months?",
        "spend over time, last six months",
        "monthly spend for the past 6 months",
    ),
    f"EffectiveCost {OCTOBER} per day order metric limit 1": (
        "which day was the most expensive in October?",
        "what was the most expensive day last month",
        "on which day did we spend the most last month",
        "peak day in October by spend",
    ),
    f"EffectiveCost {YEAR_TO_DATE} per month order metric limit 1": (
        "which month had the highest spend this year?",
        "what month was the most expensive this year",
    ),
    f"EffectiveCost {OCTOBER} per weekday": ("spend by day of week in October", "October cost per weekday"),
    "EffectiveCost in 2026-11-22..2026-11-23 per hour": ("hourly cost yesterday", "spend per hour yesterday"),
    # comparisons
    f"EffectiveCost {Q3} vs 2026-04-01..2026-07-01": (
        "compare Q3 to Q2",
        "Q3 vs Q2",
        "compare Q2 and Q3",
        "how did spend change from Q2 to Q3?",
        "Q3 spend compared to Q2",
        "what's the difference in cost between Q2 and Q3",
        "compare spend in Q3 2026 with Q2 2026",
        "Q2 versus Q3 cost",
        "how much more did we spend in Q3 than in Q2?",
    ),
    f"EffectiveCost {OCTOBER} vs 2026-09-01..2026-10-01": (
        "compare October with September",
        "October vs September spend",
        "how did spend change between September and October?",
        "how did costs change from September to October",
        "difference between September and October spend",
    ),
    f"EffectiveCost {THIS_MONTH} vs previous": (
        "How does this month compare to last month?",
        "this month vs last month",
        "compare this month's spend with last month",
        "month to date vs last month",
    ),
    "EffectiveCost vs previous": (
        "is spend up or down compared to last month?",
        "did we spend more than last month?",
        "how did spend change?",
    ),
    f"EffectiveCost {OCTOBER} vs previous": (
        "did spend go up last month?",
        "how did cost change last month",
        "month over month spend",
        "MoM change in spend",
        "spend growth in October",
    ),
    f"EffectiveCost {OCTOBER} vs 2025-10-01..2025-11-01": (
        "October vs October last year",
        "October spend year over year",
        "spend in October compared to the same month last year",
        "yoy spend for October",
    ),
    f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} vs previous order change limit 1": (
        "which team's spend grew the most last month?",
        "which team increased the most in October",
    ),
    f"EffectiveCost by ServiceName {OCTOBER} vs previous order change limit 5": (
        "what grew the most last month?",
        "biggest increases last month",
        "what increased most in October",
        "what contributed most to the increase last month?",
    ),
    f"EffectiveCost by ServiceName {LAST_WEEK} vs previous order change ascending limit 5": (
        "what fell the most last week",
        "biggest decreases last week",
        "what dropped the most last week",
    ),
    f"EffectiveCost by ServiceName {OCTOBER} vs previous order absolute_change": ("what changed last month?",),
    f"why {OCTOBER} + EffectiveCost by ServiceName {OCTOBER} vs previous order absolute_change": (
        "why did spend rise last month?",
        "why did cost go up in October",
        "why is last month's spend higher?",
        "explain October's increase",
        "how come we spent more last month?",
    ),
    f"EffectiveCost by x_Customer where x_Customer is_not_null {OCTOBER} vs previous order change_ratio limit 5": (
        "fastest growing customers last month",
    ),
    # shares
    f"EffectiveCost by HostProviderName {OCTOBER} share": (
        "what share of spend was AWS last month?",
        "share of spend by provider last month",
        "AWS's share of cost in October",
        "what percentage of last month's spend went to Azure?",
        "percent of total cost by provider in October",
    ),
    "EffectiveCost by x_Environment where HostProviderName=AWS share": ("what share of AWS spend is production?",),
    f"UntaggedShare {OCTOBER}": (
        "what percentage of spend was untagged last month?",
        "what share of October's cost is untagged",
    ),
    f"UntaggedCost {OCTOBER}": ("untagged spend last month", "how much spend was untagged in October?"),
    f"UnallocatedCost {OCTOBER}": (
        "unallocated spend last month",
        "spend without a team last month",
        "cost without a team in October",
    ),
    # thresholds
    f"EffectiveCost by x_Team where x_Team is_not_null {OCTOBER} over 5000 metric": (
        "teams spending over $5k last month",
        "which teams spent more than 5,000 in October?",
        "teams with spend above 5000 usd last month",
        "which teams cost more than $5,000 last month",
    ),
    f"EffectiveCost by ServiceName {OCTOBER} under 100 metric": (
        "services under 100 dollars last month",
        "which services cost less than $100 in October",
    ),
    f"EffectiveCost by ServiceName {OCTOBER} over 0.1 share": (
        "which services account for more than 10% of spend last month?",
        "services over 10 percent of October's cost",
    ),
    f"Requests by x_Model where x_Model is_not_null {LAST_WEEK} over 1000000 metric": (
        "models with more than 1m requests last week",
        "which models had over 1,000,000 requests last week",
        "models with more than 1 million requests last week",
    ),
    # what is left out, and which cost
    f"EffectiveCost where ChargeCategory!=Credit {OCTOBER}": (
        "cost without credits last month",
        "spend excluding credits in October",
        "October spend before credits",
        "last month's costs, not counting credits",
    ),
    f"EffectiveCost where ChargeCategory!=Tax|Credit {OCTOBER}": ("spend excluding tax and credits in October",),
    f"EffectiveCost by ServiceName where HostProviderName!=AWS {OCTOBER}": (
        "spend by service except AWS last month",
        "October cost by service, excluding AWS",
        "cost by service other than AWS in October",
    ),
    f"Credits {YEAR_TO_DATE}": (
        "credits received this year",
        "how much credit did we get this year",
        "total credits ytd",
    ),
    f"Taxes {Q3}": ("how much tax did we pay in Q3", "taxes in Q3", "Q3 tax"),
    f"ListCost+EffectiveCost {OCTOBER}": (
        "list cost vs effective cost last month",
        "list cost and effective cost in October",
    ),
    f"EffectiveSavingsRate {Q3}": ("effective savings rate last quarter", "what was our ESR in Q3?"),
    f"UnusedCommitmentCost {OCTOBER}": ("unused commitments last month", "cost of unused commitments in October"),
    # tokens and unit costs
    f"Tokens where x_Team=search where x_Environment=production {OCTOBER}": (
        "how many tokens did the search team use in production last month",
        "search team's production tokens in October",
        "number of tokens for team search in prod last month",
    ),
    f"Requests where x_Model=gpt-5.5 {LAST_WEEK}": (
        "how many requests did gpt-5.5 get last week",
        "gpt-5.5 requests last week",
        "number of calls to gpt-5.5 last week",
    ),
    f"EffectiveCost where x_TokenType=output|reasoning {OCTOBER}": (
        "cost of output tokens last month",
        "how much did we spend on output tokens in October",
        "output token cost last month",
    ),
    f"CostPerMillionTokens {OCTOBER}": (
        "what did we pay per million tokens last month",
        "cost per million tokens in October",
        "blended cost per 1M tokens last month",
        "spend per million tokens last month",
    ),
    f"CostPerRequest by x_Team {OCTOBER}": (
        "cost per request by team last month",
        "how much does each team pay per request, last month",
        "average cost per request per team in October",
        "cost per call by team in October",
    ),
    f"CacheHitRate by x_Model {OCTOBER}": (
        "cache hit rate by model last month",
        "what was the cache-hit rate of each model in October",
        "prompt cache hit rate per model last month",
    ),
    # counting
    f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER}": (
        "how many models did we use last month?",
        "number of models used in October",
        "how many different models did we use in October",
    ),
    f"EffectiveCost by x_Team where x_Model=gpt-5.5 where x_Team is_not_null {OCTOBER}": (
        "how many teams used gpt-5.5 last month?",
    ),
    # tags, currencies
    f"EffectiveCost by tag:cost-center {OCTOBER}": (
        "spend by cost-center last month",
        "October cost by tag cost-center",
        "spend per cost center tag last month",
    ),
    f"EffectiveCost where tag:cost-center=cc-100 {OCTOBER}": (
        "spend for cost-center cc-100 last month",
        "cost of cc-100 in October",
    ),
    f"EffectiveCost {OCTOBER} EUR": ("spend last month in EUR", "October cost in euros"),
    # found by asking the demo company's store
    f"EffectiveCost by ServiceName where HostProviderName=AWS {OCTOBER} limit 3": (
        "top 3 AWS services last month",
        "Which three services on AWS cost the most in October?",
    ),
    "EffectiveCost in 2026-10-16..2026-10-17": ("What did we spend on 16 October?", "cost on 2026-10-16"),
    f"EffectiveCost by x_Model where x_Model is_not_null {OCTOBER} ascending limit 3": (
        "three cheapest models in October",
    ),
    f"UsageCost {OCTOBER}": ("usage cost in October", "What did usage alone cost last month?"),
    f"Tokens by x_TokenType {OCTOBER}": ("tokens by type in October", "October token usage per token type"),
    f"CostPerMillionOutputTokens where HostProviderName=Anthropic {OCTOBER}": (
        "What did a million output tokens cost at Anthropic in October?",
        "cost per million output tokens at Anthropic last month",
    ),
    f"CostPerRequest where HostProviderName=OpenAI {OCTOBER}": (
        "What did one request to OpenAI cost on average last month?",
        "OpenAI cost per request in October",
    ),
    f"OutputTokens by x_Model {OCTOBER}": ("how many output tokens did each model generate last month",),
    # typing errors
    "EffectiveCost by x_Team in 2025-12-01..2026-11-24 per month": ("montly spnd by tema", "monthly spend by taem"),
    f"EffectiveCost where HostProviderName=Microsoft {OCTOBER}": (
        "spend on Azur last month",
        "Microsft cost in October",
    ),
}


@pytest.mark.parametrize(("question", "call"), [(q, call) for call, questions in CASES.items() for q in questions])
def test_each_wording_of_a_question_makes_the_same_call(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call
