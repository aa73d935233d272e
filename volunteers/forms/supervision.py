from rj_service.ui.forms import DateField, GovukForm


class SupervisionForm(GovukForm):
    held_on = DateField(label="Date of the supervision")
