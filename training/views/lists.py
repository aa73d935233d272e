"""The lists of training: cohorts, courses, learners, awards and packages."""

from typing import ClassVar

from django.utils import timezone

from rj_service.accounts.views import GuardedListView
from rj_service.lists.finding import FoundByName
from training.filters import AwardFilter, CohortFilter, CourseFilter, LearnerFilter, PackageFilter
from training.models import Award, Cohort, Course, Learner, TrainingPackage
from training.views.asking import Parts
from training.views.showing import PackageRow


class Cohorts(Parts, GuardedListView):
    permission = "training.view"
    model = Cohort
    template_name = "training/list.html"
    part = "list"
    heading = "Cohorts"
    thing = "cohort"
    empty = "No cohort is coming or running. A cohort is one run of a course, with its sessions."
    filter_class = CohortFilter
    order = ("-created_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Course": lambda cohort: cohort.course.name,
        "Cohort": lambda cohort: cohort.name,
        "First session": lambda cohort: cohort.first_on,
        "Place": lambda cohort: cohort.place,
        "Enrolled": lambda cohort: cohort.enrolled,
        "Places": lambda cohort: cohort.maximum,
        "Waiting": lambda cohort: cohort.waiting,
        "Completed": lambda cohort: timezone.localdate(cohort.completed_at) if cohort.completed_at else None,
    }

    def narrowed(self):
        return self.get_queryset().select_related("course").with_places()


class Courses(Parts, GuardedListView):
    permission = "training.view"
    model = Course
    template_name = "training/courses.html"
    part = "courses"
    heading = "Courses"
    thing = "course"
    empty = "No course is set up yet. Begin with the usual ones and change them, or create your own."
    filter_class = CourseFilter
    order = ("name", "id")
    order_words = "by name"
    columns: ClassVar = {
        "Course": lambda course: course.name,
        "Kind": lambda course: course.get_kind_display(),
        "Length": lambda course: course.length,
        "Most learners": lambda course: course.maximum,
        "Comes after": lambda course: course.prerequisite.name if course.prerequisite else "",
        "Which asks for": lambda course: course.get_prerequisite_needs_display() if course.prerequisite else "",
        "Award is in force for months": lambda course: course.award_valid_months,
        "CPD hours": lambda course: course.cpd_hours,
        "Approved by the RJC": lambda course: "Yes" if course.cpd_approved else "",
        "Awarding body": lambda course: course.awarding_body,
        "Makes a facilitator": lambda course: "Yes" if course.makes_facilitators else "",
        "Trains to refer": lambda course: "Yes" if course.trains_to_refer else "",
    }

    def show(self, rows):
        return rows.select_related("prerequisite")


class Learners(Parts, FoundByName):
    permission = "training.view"
    model = Learner
    template_name = "training/learners.html"
    part = "learners"
    heading = "Learners"
    thing = "learner"
    empty = "No learner is registered yet. Learners come from anywhere: volunteers, partners, the police."
    filter_class = LearnerFilter
    order = ("last_name", "first_name", "id")
    order_words = "by last name"
    columns: ClassVar = {
        "Last name": lambda learner: learner.last_name,
        "First name": lambda learner: learner.first_name,
        "Organisation": lambda learner: learner.organisation.name if learner.organisation else "",
        "Unit": lambda learner: learner.unit,
        "Enrolled in": lambda learner: learner.enrolled_course,
        "Newest award": lambda learner: learner.award_course,
        "Awarded": lambda learner: learner.awarded_on,
        "Award ends": lambda learner: learner.award_until,
    }

    def narrowed(self):
        return self.get_queryset().with_training()


class Awards(Parts, FoundByName):
    permission = "training.view"
    model = Award
    template_name = "training/awards.html"
    part = "awards"
    heading = "Awards"
    thing = "award"
    empty = "No award was given yet. A learner who attended in full and passed is given one."
    filter_class = AwardFilter
    person_of = "learner__"
    order = ("-awarded_on", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Last name": lambda award: award.learner.last_name,
        "First name": lambda award: award.learner.first_name,
        "Organisation": lambda award: award.learner.organisation.name if award.learner.organisation else "",
        "Course": lambda award: award.course.name,
        "Awarded": lambda award: award.awarded_on,
        "Ends": lambda award: award.expires_on,
        "Withdrawn": lambda award: timezone.localdate(award.withdrawn_at) if award.withdrawn_at else None,
    }

    def narrowed(self):
        return self.get_queryset().select_related("learner__organisation", "course")


class Packages(Parts, GuardedListView):
    permission = "training.view"
    model = TrainingPackage
    template_name = "training/packages.html"
    part = "packages"
    heading = "Packages"
    thing = "package"
    empty = "No package is recorded yet. A package is a contract with a provider: what it contains, and what it asks of you."
    filter_class = PackageFilter
    order = ("-created_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Package": lambda row: row.package.name,
        "Provider": lambda row: row.package.provider,
        "State": lambda row: row.package.get_status_display(),
        "Value": lambda row: row.package.value,
        "Cost to us": lambda row: row.package.cost,
        "Signed": lambda row: row.package.signed_on,
        "First year ends": lambda row: row.package.year_ends_on,
        "Agreed": lambda row: row.package.agreed,
        "Delivered": lambda row: row.package.delivered if row.package.starts_on else None,
        "Ceiling": lambda row: row.package.ceiling,
        "Exposed so far": lambda row: row.package.exposed,
    }

    def show(self, rows):
        return rows.with_figures()

    def row_of(self, found: TrainingPackage) -> PackageRow:
        return PackageRow(found, self.today)
