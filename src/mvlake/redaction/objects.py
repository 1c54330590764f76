"""Objects: which live objects are not kept at all, because of their class: clients, sessions, connections, secrets in disguise."""

import re
from collections.abc import Iterable

# Of these packages an object that is called so holds open connections, and what it logged in with.
_NAMED = """
    adlfs aiobotocore aiohttp anthropic asyncpg asyncssh azure boto3 botocore clickhouse_connect cohere comet_ml cx_Oracle
    databricks discord duckdb elasticsearch fabric fsspec ftplib gcsfs github gitlab google groq http httpx huggingface_hub
    imaplib jira kafka mistralai mlflow motor MySQLdb mysql neo4j neptune obstore openai opensearchpy oracledb paramiko pika
    poplib praw psycopg psycopg2 pymongo pymssql pymysql pyodbc pyspark qdrant_client redis requests s3fs sendgrid slack_sdk
    smtplib snowflake socket sqlalchemy sqlite3 ssl stripe telegram trino twilio urllib3 wandb weaviate websocket websockets
"""
_PACKAGES = frozenset(_NAMED.split())
_CALLED = re.compile(
    r"(?i)\w*(?:client|session|connection|engine|credentials?|auth\w*|pool|cursor|api|filesystem|transport|adapter|socket|context|resource)"
    r"|(?:async)?(?:openai|anthropic|groq|redis|elasticsearch|github|gitlab|minio|s3|ftp|ftp_tls|smtp|smtp_ssl|imap4|imap4_ssl|telnet)"
)
_INSIDE = b"_secret_value"  # where pydantic's secrets have what they hide
_HIDING = frozenset({"pydantic", "pydantic_settings", "starlette", "prefect", "dynaconf"})


def pickle_refusal(content: bytes) -> str:
    """Return why a pickle is not kept for what it holds inside; nothing where it may be."""
    return "it holds what its class is there to keep secret" if _INSIDE in content else ""


def class_refusal(classes: Iterable[tuple[str, str]]) -> str:
    """Return why an object of these classes, its own and their bases as (top package, name), is not kept; nothing where it may be.

    >>> class_refusal([("requests", "Session"), ("builtins", "object")])
    'a session, client or connection may hold what it logged in with'
    >>> class_refusal([("sklearn", "Pipeline")])
    ''
    """
    for package, name in classes:
        if package in _HIDING and name.lstrip("_").startswith("Secret"):
            return "its class is there to keep a secret"
        if package in _PACKAGES and _CALLED.fullmatch(name):
            return "a session, client or connection may hold what it logged in with"
    return ""
