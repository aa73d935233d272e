"""A form that knows what its page showed."""

from django import forms


class ShownMixin(forms.Form):
    """`shown`: the mark of what stood there when the page came, kept until it is sent."""

    shown = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def clean_shown(self) -> str | None:
        return self.cleaned_data["shown"] or None

    def show_again(self, mark: str) -> None:
        """After a refusal: what stands there now has been read."""
        self.data = {**self.data.dict(), "shown": mark}
