"""Provider rules: the forms that providers document for their tokens, written down here from what they say.

Each has the day on which it was looked up, and where. Nothing is taken from another scanner's list of rules.
"""

from mvlake.redaction.rule import Rule, RuleSet

DATED = "2026-11-28"
"""The day on which the list was last gone through."""

_END = r"(?![A-Za-z0-9_-])"


def _rule(name: str, starts: str, pattern: str, source: str, *, is_anywhere: bool = False, reach: int = 0) -> Rule:
    return Rule(name, tuple(starts.split()), pattern, DATED, source, is_anywhere, reach)


_HOSTING = (
    _rule("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,251}", "GitHub docs: about authentication"),
    _rule("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{50,251}", "GitHub docs: about authentication"),
    _rule(
        "gitlab-token",
        "glpat- gldt- glrt- glptt- glcbt- glft- glsoat- glagent- glimt- gloas- glffct-",
        r"gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent|imt|oas|ffct)-[A-Za-z0-9_.-]{20,300}",
        "GitLab docs: token overview",
    ),
    _rule("bitbucket-token", "ATBB ATCTT3xFfGF0", r"ATBB[A-Za-z0-9]{24,40}|ATCTT3xFfGF0[A-Za-z0-9_=-]{20,300}", "Bitbucket docs"),
    _rule("atlassian-token", "ATATT3xFfGF0", r"ATATT3xFfGF0[A-Za-z0-9_=-]{20,300}", "Atlassian docs: API tokens"),
    _rule("npm-token", "npm_", rf"npm_[A-Za-z0-9]{{36}}{_END}", "npm docs: access tokens"),
    _rule("pypi-token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,1000}", "PyPI help: API tokens, which are macaroons"),
    _rule("rubygems-key", "rubygems_", rf"rubygems_[0-9a-f]{{48}}{_END}", "RubyGems guides: API keys"),
    _rule("docker-token", "dckr_pat_ dckr_oat_", r"dckr_[po]at_[A-Za-z0-9_-]{27,40}", "Docker docs: access tokens"),
)
_CLOUDS = (
    _rule("aws-access-key-id", "AKIA ASIA ABIA ACCA", rf"A(?:KI|SI|BI|CC)A[A-Z2-7]{{16}}{_END}", "AWS docs: IAM identifiers"),
    _rule("aws-bedrock-key", "ABSK bedrock-api-key-", r"(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/=]{60,500}", "AWS docs: Bedrock keys"),
    _rule("gcp-api-key", "AIza", rf"AIza[A-Za-z0-9_-]{{35}}{_END}", "Google Cloud docs: API keys"),
    _rule("gcp-oauth-secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{24,40}", "Google docs: OAuth clients"),
    _rule("gcp-oauth-token", "ya29.", r"ya29\.[A-Za-z0-9_.-]{20,2000}", "Google docs: OAuth tokens"),
    _rule(
        "azure-client-secret",
        "Q~",
        rf"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{{3}}[0-9]Q~[A-Za-z0-9_~.-]{{31,34}}{_END}",
        "Microsoft docs: application secrets",
        is_anywhere=True,
        reach=4,
    ),
    _rule(
        "azure-signature",
        "sig=",
        r"sig=(?P<secret>(?:[A-Za-z0-9]|%2[BbFf]|%3[Dd]|[+/=]){40,100})",
        "Microsoft docs: shared access signatures",
        is_anywhere=True,
    ),
    _rule("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", rf"do[por]_v1_[0-9a-f]{{64}}{_END}", "DigitalOcean docs: tokens"),
    _rule("heroku-key", "HRKU-", r"HRKU-[A-Za-z0-9_-]{36,80}", "Heroku docs: OAuth"),
    _rule("vault-token", "hvs. hvb. hvr.", r"hv[sbr]\.[A-Za-z0-9_-]{24,300}", "HashiCorp docs: Vault tokens"),
    _rule("doppler-token", "dp.pt. dp.st. dp.ct. dp.sa.", r"dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._-]{40,80}", "Doppler docs: tokens"),
)
_MODELS = (
    _rule("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{32,200}", "Anthropic docs: API keys"),
    _rule("openrouter-key", "sk-or-", r"sk-or-v[0-9]+-[0-9a-f]{64}", "OpenRouter docs: keys"),
    _rule("langsmith-key", "lsv2_", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}", "LangSmith docs: API keys"),
    # The letters in the middle are OpenAI, in base64. Newer keys say what they are for; others write keys of this form too.
    _rule(
        "openai-key",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{40,300}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{32,64})"
        + _END,
        "OpenAI docs: API keys",
    ),
    _rule(
        "huggingface-token",
        "hf_ api_org_",
        rf"(?:hf_|api_org_)[A-Za-z]{{34}}{_END}|hf_(?=[A-Za-z]*[0-9])[A-Za-z0-9]{{34}}{_END}",
        "Hugging Face docs: tokens",
    ),
    _rule("wandb-key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{60,100}", "W&B docs: API keys"),
    _rule("groq-key", "gsk_", rf"gsk_[A-Za-z0-9]{{52}}{_END}", "Groq docs: API keys"),
    _rule("replicate-token", "r8_", rf"r8_[A-Za-z0-9]{{37}}{_END}", "Replicate docs: HTTP API"),
    _rule("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{40,60}", "Perplexity docs: API keys"),
    _rule("xai-key", "xai-", rf"xai-[A-Za-z0-9]{{70,90}}{_END}", "xAI docs: API keys"),
    _rule("nvidia-key", "nvapi-", r"nvapi-[A-Za-z0-9_-]{60,80}", "NVIDIA docs: NGC keys"),
    _rule("pinecone-key", "pcsk_", r"pcsk_[A-Za-z0-9_]{60,90}", "Pinecone docs: API keys"),
    _rule("tavily-key", "tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{30,40}", "Tavily docs: API keys"),
)
_DATA = (
    _rule(
        "databricks-token",
        "dapi dkea dose",
        rf"(?:dapi|dkea|dose)[0-9a-f]{{32}}(?:-[0-9]{{1,2}})?{_END}",
        "Databricks docs: tokens",
    ),
    _rule("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}", "PlanetScale docs: service tokens"),
    _rule("supabase-key", "sbp_ sb_secret_", r"sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,60}", "Supabase docs: API keys"),
    _rule("grafana-token", "glsa_ glc_", r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,400}", "Grafana docs: tokens"),
    _rule("newrelic-key", "NRAK- NRJS-", r"NR(?:AK|JS)-[A-Za-z0-9]{19,40}", "New Relic docs: API keys"),
    _rule("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{60,400}", "Sentry docs: auth tokens"),
    _rule("prefect-key", "pnu_ pnb_", rf"pn[ub]_[A-Za-z0-9]{{36}}{_END}", "Prefect docs: API keys"),
    _rule("postman-key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", "Postman docs: API keys"),
    _rule(
        "notion-token",
        "secret_ ntn_",
        rf"secret_[A-Za-z0-9]{{43}}{_END}|ntn_[A-Za-z0-9]{{40,50}}{_END}",
        "Notion docs: integrations",
    ),
    _rule("airtable-token", "pat", rf"pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}{_END}", "Airtable docs: personal access tokens"),
    _rule("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{32,48}", "Linear docs: API keys"),
)
_TALK = (
    _rule(
        "slack-token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe. xoxc- xoxd-",
        r"xox[abprsecd][-.][A-Za-z0-9.%-]{20,300}",
        "Slack docs: token types",
    ),
    _rule("slack-app-token", "xapp-", r"xapp-[0-9]-[A-Za-z0-9]{8,14}-[0-9]{8,14}-[0-9a-f]{40,80}", "Slack docs: token types"),
    _rule(
        "slack-webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?P<secret>(?:services|workflows|triggers)/[A-Za-z0-9_/-]{30,200})",
        "Slack docs: incoming webhooks",
    ),
    _rule(
        "discord-webhook",
        "discord.com discordapp.com",
        r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/(?P<secret>[0-9]{17,20}/[A-Za-z0-9_-]{60,80})",
        "Discord docs: webhooks",
    ),
    # A bot's token begins with its number in base64: a digit makes one of these pairs of letters.
    _rule(
        "discord-token",
        "MD MT Mj Mz ND NT Nj Nz OD OT",
        rf"[MNO][A-Za-z0-9_-]{{23,27}}\.[A-Za-z0-9_-]{{6}}\.[A-Za-z0-9_-]{{27,40}}{_END}",
        "Discord docs: authentication",
    ),
    _rule(
        "telegram-token",
        ":AA",
        rf"(?<![0-9])[0-9]{{8,10}}:AA[A-Za-z0-9_-]{{33}}{_END}",
        "Telegram docs: bots",
        is_anywhere=True,
        reach=10,
    ),
    _rule("sendgrid-key", "SG.", r"SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{40,45}", "SendGrid docs: API keys"),
    _rule("twilio-key", "SK", rf"SK[0-9a-f]{{32}}{_END}", "Twilio docs: API keys"),
    _rule("mailgun-key", "key-", rf"key-[0-9a-f]{{32}}{_END}", "Mailgun docs: authentication"),
    _rule("brevo-key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}", "Brevo docs: API keys"),
)
_MONEY = (
    _rule(
        "stripe-key",
        "sk_live_ sk_test_ rk_live_ rk_test_ whsec_",
        r"(?:[sr]k_(?:live|test)_[A-Za-z0-9]{20,250}|whsec_[A-Za-z0-9+/=]{24,80})",
        "Stripe docs: API keys",
    ),
    _rule(
        "square-token",
        "sq0atp- sq0csp- EAAA",
        rf"sq0(?:atp|csp)-[A-Za-z0-9_-]{{22,43}}|EAAA[A-Za-z0-9_-]{{60}}{_END}",
        "Square docs: access tokens",
    ),
    _rule(
        "shopify-token",
        "shpat_ shpca_ shppa_ shpss_",
        rf"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{32}}{_END}",
        "Shopify docs: access tokens",
    ),
)
_OPEN = (
    _rule("jwt", "eyJ", r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,2000}", "RFC 7519"),
    _rule("age-key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{58}", "age: README"),
    _rule(
        "private-key",
        "-----BEGIN",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?P<secret>(?:[^-]|-(?!----)){16,20000})",
        "RFC 7468; OpenSSH: PROTOCOL.key",
        is_anywhere=True,
    ),
)

PROVIDER_RULES = RuleSet((*_HOSTING, *_CLOUDS, *_MODELS, *_DATA, *_TALK, *_MONEY, *_OPEN))
