"""E-mail addresses in the one form in which they are kept and compared."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def email_address(text: str) -> str:
    """The address in lower case, its domain in ASCII.

    Raises:
        ValueError: with a sentence that says what to do.
    """
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError("Enter an e-mail address such as name@example.pt") from None
    address = (found.ascii_email or found.normalized).lower()
    if len(address) > LONGEST:
        raise ValueError(f"Use an e-mail address of at most {LONGEST} characters")
    return address
