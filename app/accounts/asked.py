"""What the forms ask for, and what is said when it is missing."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from app.accounts.emails import email_address
from app.accounts.passwords import acceptable


def _named(text: str) -> str:
    name = " ".join(text.split())
    if not any(character.isalnum() for character in name):
        raise ValueError("Enter your name")
    return name


Name = Annotated[str, Field(description="Enter your name", max_length=120), AfterValidator(_named)]
Email = Annotated[str, Field(description="Enter your e-mail address"), AfterValidator(email_address)]
NewPassword = Annotated[str, Field(description="Choose a password"), AfterValidator(acceptable)]


class SignIn(BaseModel):
    email: Email
    password: str = Field(description="Enter your password")
    keep: bool = False


class SignUp(BaseModel):
    name: Name
    email: Email
    password: NewPassword


class Profile(BaseModel):
    name: Name


class PasswordChange(BaseModel):
    current_password: str = Field(description="Enter your current password")
    new_password: NewPassword
