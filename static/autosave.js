// Saves a draft 5 seconds after a change: <form data-autosave="address"> with a hidden `version`, and one line
// <p data-autosave-line aria-live="polite">. The server answers {"words": "Draft saved at 4:21pm", "version": 3}, or 409
// with words of its own; what is shut or signed out is never called a weak signal. Nothing personal is kept by the browser.
(function () {
  'use strict';
  document.querySelectorAll('form[data-autosave]').forEach(function (form) {
    var line = form.querySelector('[data-autosave-line]');
    var timer = null;
    var busy = false;
    var changed = false;

    function say(words) {
      if (!line || line.textContent === words) { return; }
      line.textContent = words;
    }

    function later() { window.clearTimeout(timer); timer = window.setTimeout(save, 5000); }

    function save() {
      if (busy || !changed) { return; }
      busy = true;
      changed = false;
      fetch(form.dataset.autosave, {
        method: 'POST', body: new FormData(form), credentials: 'same-origin', redirect: 'manual',
        headers: { 'X-Requested-With': 'autosave' }
      }).then(function (answer) {
        if (answer.status === 403 || answer.status === 404) {
          say('Not saved: this is not open to you any more');
          return {};
        }
        if (answer.type === 'opaqueredirect') { throw { words: 'you were signed out' }; }
        if (answer.status !== 200 && answer.status !== 409) { throw { words: 'something went wrong' }; }
        return answer.json();
      }).then(function (told) {
        if (told.version && form.elements.version) { form.elements.version.value = told.version; }
        if (told.draft && form.elements.draft) { form.elements.draft.value = told.draft; }
        if (!told.words) { return; }
        say(told.words);
        document.dispatchEvent(new CustomEvent('rj:saved'));
      }).catch(function (error) {
        changed = true;
        say('Not saved yet: ' + (error.words || 'no signal'));
      }).finally(function () {
        busy = false;
        // The first notice is spoken; after it the line changes silently.
        if (line) { line.setAttribute('aria-live', 'off'); }
        if (changed) { later(); }
      });
    }

    form.addEventListener('input', function () { changed = true; later(); });
    window.addEventListener('online', save);
    form.addEventListener('submit', function () { window.clearTimeout(timer); changed = false; });
  });
})();
