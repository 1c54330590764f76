"""Bucket reply: what an object store said when it did not do what was asked, and whether asking again may help."""

import re
from dataclasses import dataclass

import obstore

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_PASSING = {408, 425, 429}
_NO_BUCKET = ("NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist")
_VARIABLES = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_APPLICATION_CREDENTIALS, or AZURE_STORAGE_ACCOUNT_KEY"
_DENIED = {401, 403}
_NAMES = {
    obstore.exceptions.PermissionDeniedError: 403,
    obstore.exceptions.UnauthenticatedError: 401,
    obstore.exceptions.AlreadyExistsError: 409,
    obstore.exceptions.PreconditionError: 412,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A refusal or a failure. `status` is 0 where no answer came, `reason` says it without the URL, which may be signed."""

    status: int
    reason: str
    is_no_bucket: bool = False
    is_no_credential: bool = False

    @property
    def is_denied(self) -> bool:
        """True when these credentials, or none, are not allowed to."""
        return self.status in _DENIED or self.is_no_credential

    @property
    def may_pass(self) -> bool:
        """True when the same request may succeed later."""
        is_busy = self.status == 0 or self.status in _PASSING or self.status >= 500
        return is_busy and not self.is_no_bucket and not self.is_no_credential

    @property
    def hint(self) -> str:
        """What to look at."""
        if self.is_no_bucket:
            return "make the bucket first, and look at the name, the region (AWS_REGION) and the endpoint (AWS_ENDPOINT_URL)"
        if self.is_denied:
            return f"credentials come from the environment: {_VARIABLES}"
        return "look at the network, the region (AWS_REGION) and the endpoint (AWS_ENDPOINT_URL); then try again"


class TruncatedReply(Exception):
    """Fewer bytes came than there are."""


class GivenUp(OSError):
    """The process is ending, and there has been no answer for too long."""


def reply_in(error: Exception) -> Reply:
    """Return what an error of obstore says."""
    text = str(error)
    found, code = _STATUS.search(text), _CODE.search(text)
    status = int(found[1]) if found else next((number for kind, number in _NAMES.items() if isinstance(error, kind)), 0)
    if isinstance(error, TruncatedReply):
        return Reply(0, "the answer was cut off")
    if isinstance(error, GivenUp):
        return Reply(0, "the process ended before there was an answer")
    if "169.254.169.254" in text or "metadata.google.internal" in text or "must be specified" in text:
        return Reply(status, "no credentials were found", is_no_credential=True)
    if any(name in text for name in _NO_BUCKET):
        return Reply(404, "there is no such bucket", is_no_bucket=True)
    if not status:
        return Reply(0, "no answer, or half of one" if isinstance(error, obstore.exceptions.BaseError) else type(error).__name__)
    return Reply(status, f"the server answered {status}" + (f" {code[1]}" if code else ""))
