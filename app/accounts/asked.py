"""What the forms ask for, and what is said when it is missing."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from app.accounts.emails import email_address
from app.accounts.passwords import acceptable, unlike


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

    @field_validator("password")
    @classmethod
    def _own(cls, password: str, seen: ValidationInfo) -> str:
        return unlike(password, str(seen.data.get("email", "")), str(seen.data.get("name", "")))


class Profile(BaseModel):
    name: Name


class PasswordChange(BaseModel):
    current_password: str = Field(description="Enter your current password")
    new_password: NewPassword


class PasswordChoice(BaseModel):
    new_password: NewPassword


class EmailOnly(BaseModel):
    email: Email


class EmailChange(BaseModel):
    new_email: Annotated[str, Field(description="Enter the new e-mail address"), AfterValidator(email_address)]
    password: str = Field(description="Enter your password")


class Deletion(BaseModel):
    password: str = Field(description="Enter your password")
    sure: bool = Field(description="Say that you want it gone for good")
