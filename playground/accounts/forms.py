"""What people may fill in about themselves."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
#: Twelve hues, as guests get them.
COLORS = tuple(f"hsl({hue} 55% 45%)" for hue in range(0, 360, 30))
_COLOR_NAMES = "red orange yellow lime green emerald teal sky blue violet purple pink".split()


class ProfileForm(forms.Form):
    """The name and the colour that others see."""

    name = forms.CharField(
        max_length=60,
        label="Name",
        help_text="Others in a session or a class see it.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    color = forms.ChoiceField(
        choices=list(zip(COLORS, _COLOR_NAMES)), label="Colour", widget=forms.RadioSelect
    )

    def clean_name(self) -> str:
        """One line of visible characters."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if _CONTROL.search(name):
            raise ValidationError("A name has only visible characters.")
        return name


class DeleteForm(forms.Form):
    """Asks for what only the owner of the account knows."""

    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DeleteByWordForm(forms.Form):
    """For accounts without a password, and for guests."""

    word = forms.CharField(label="Type “delete” to confirm")

    def clean_word(self) -> str:
        """The word."""
        word = str(self.cleaned_data["word"]).strip()
        if word.casefold() != "delete":
            raise ValidationError("Type the word delete.")
        return word
