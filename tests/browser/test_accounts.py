"""An account's life: signed up, confirmed by mail, password forgotten, address changed, deleted."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look
from tests.browser.test_journey import add_something, take_delivery

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "figs and late trams", "another good one", "a third good one"
MAIL_MS = 30_000


def follow_mail(page: Page, subject: str, to: str, times: int = 1) -> None:
    """Open the link in the newest such mail; `times` there must be."""
    for _ in range(MAIL_MS // 500):
        page.goto("/outbox")
        rows = page.locator("tr", has_text=to).filter(has_text=subject)
        if rows.count() >= times:
            break
        page.wait_for_timeout(500)
    rows.first.get_by_role("link").click()
    text = page.locator("pre.mail-text").inner_text()
    found = re.search(r"https?://\S+token=\S+", text)
    assert found, text
    page.goto(found[0])


def test_an_account_from_beginning_to_end(page: Page) -> None:
    email, new_email = (f"ana-{uuid4().hex[:8]}@example.pt" for _ in range(2))
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Ana Lopes")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(FIRST)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Welcome to Feira, Ana Lopes")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Confirm your e-mail address")).to_be_visible()
    look(page)

    follow_mail(page, "Confirm your e-mail address", email)
    look(page)
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.get_by_text(f"{email} is confirmed")).to_be_visible()
    expect(page.get_by_role("heading", name="Confirm your e-mail address")).not_to_be_visible()
    look(page)

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#flashes")).to_contain_text("You are signed out")
    page.go_back()  # the next person at this browser sees no page of the account
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgotten password").click()
    look(page)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    look(page)
    follow_mail(page, "Choose a new password", email)
    look(page)
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.get_by_label("New password").fill(SECOND)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your new password is set")).to_be_visible()

    page.get_by_role("link", name="Name and e-mail").click()
    look(page)
    page.get_by_label("New e-mail address").fill(new_email)
    page.get_by_label("Your password").fill(SECOND)
    page.get_by_role("button", name="Change e-mail address").click()
    expect(page.get_by_role("heading", name=f"Waiting for {new_email}")).to_be_visible()
    look(page)
    follow_mail(page, "Confirm your new e-mail address", new_email)
    look(page)
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.get_by_text(f"{new_email} is now the address of your account")).to_be_visible()

    keep_addresses(page)
    sign_out_elsewhere(page)

    page.goto("/account/privacy")
    look(page)
    page.get_by_role("link", name="See what would go").click()
    look(page)
    page.get_by_label("Your password").fill(THIRD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.get_by_label("Your password").fill(THIRD)
    page.get_by_label("I know that this cannot be undone").check()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("Your account is deleted")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def keep_addresses(page: Page) -> None:
    """One is kept from the address book, one at checkout, and the next checkout offers both."""
    page.goto("/account/addresses")
    look(page)
    page.get_by_role("link", name="New address").click()
    page.get_by_role("button", name="Keep this address").click()
    expect(page).to_have_title(re.compile("^Error:"))
    look(page)
    page.get_by_label("Street and number").fill("Rua da Boavista 84")
    page.get_by_label("Postcode").fill("1200-109")
    page.get_by_role("button", name="Keep this address").click()
    expect(page.get_by_text("Usual address")).to_be_visible()
    add_something(page)
    page.goto("/checkout/address")
    look(page)
    page.get_by_text("Another address").click()
    other = page.locator("details.another")
    other.get_by_label("Full name").fill("Ana Lopes")
    other.get_by_label("Street and number").fill("Largo da Sé 3")
    other.get_by_label("Postcode").fill("4000-001")
    other.get_by_label("Keep it among my addresses").check()
    other.get_by_role("button", name="Continue").click()
    take_delivery(page)
    page.goto("/checkout/address")
    expect(page.get_by_role("radio", name=re.compile("Largo da Sé 3"))).to_be_checked()
    page.get_by_role("radio", name=re.compile("Rua da Boavista 84")).check()
    look(page)
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("Rua da Boavista 84").first).to_be_visible()
    page.goto("/account/addresses")
    page.get_by_role("button", name="Make it the usual one").click()
    look(page)
    page.get_by_role("button", name=re.compile("^Delete")).first.click()
    expect(page.get_by_role("listitem").filter(has_text="Usual address")).to_have_count(1)


def sign_out_elsewhere(page: Page) -> None:
    """A new password ends the others; so does a click on one of them, or on all."""
    page.goto("/account/security")
    page.get_by_label("Current password").fill(SECOND)
    page.get_by_label("New password").fill(THIRD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    expect(page.get_by_text("This device", exact=True)).to_be_visible()
    look(page)
