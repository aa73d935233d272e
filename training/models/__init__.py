"""Packages, courses, cohorts with their sessions, learners from anywhere, attendance and awards."""

from training.models.cohorts import Cohort, HeadCount, Quota, Session
from training.models.courses import Course
from training.models.enrolments import Attendance, Award, Enrolment, Feedback
from training.models.learners import Briefed, Learner, OtherTraining
from training.models.mails import TrainingMail
from training.models.packages import Activity, Exposure, PackageCondition, PackageStep, TrainingPackage

__all__ = [
    "Activity",
    "Attendance",
    "Award",
    "Briefed",
    "Cohort",
    "Course",
    "Enrolment",
    "Exposure",
    "Feedback",
    "HeadCount",
    "Learner",
    "OtherTraining",
    "PackageCondition",
    "PackageStep",
    "Quota",
    "Session",
    "TrainingMail",
    "TrainingPackage",
]
