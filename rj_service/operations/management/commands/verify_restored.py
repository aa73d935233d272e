import sys

from django.core.management.base import BaseCommand

from rj_service.operations.restoring import broken_files, closed_columns


class Command(BaseCommand):
    help = "Look whether FIELD_KEYS open what a restore brought back and whether every stored file came with it."

    def handle(self, *args, **options):
        keys, files = list(closed_columns()), list(broken_files())
        for column in keys:
            self.stdout.write(f"{column}: no key in FIELD_KEYS opens it")
        for file in files:
            self.stdout.write(f"file {file}: not there, not what was stored, or closed with another key")
        if keys or files:
            sys.exit(1)
        self.stdout.write("every column opens, every file is there")
