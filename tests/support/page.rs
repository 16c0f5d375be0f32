//! The page as a person with a screen reader and a keyboard meets it: roles and names.
//!
//! A script proposes visible elements that may have the role; the engine's own accessibility tree
//! then says which of them have the role and the name. Every question waits until it is answered
//! or patience ends, and then fails with what was there instead.

use crate::webdriver::{DriverError, ELEMENT_KEY, Session};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long to wait for something to appear.
pub const PATIENCE: Duration = Duration::from_secs(20);

const STEP: Duration = Duration::from_millis(60);

/// Roles whose name is their text when nothing else names them.
const NAMED_BY_CONTENT: [&str; 5] = ["gridcell", "cell", "columnheader", "rowheader", "row"];

/// How a name has to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name<'a> {
    /// This and nothing else.
    Is(&'a str),
    /// Somewhere in it.
    Has(&'a str),
    /// Any name.
    Any,
}

impl Name<'_> {
    fn fits(self, found: &str) -> bool {
        match self {
            Name::Is(wanted) => plain(found) == plain(wanted),
            Name::Has(wanted) => plain(found).contains(&plain(wanted)),
            Name::Any => true,
        }
    }

    fn hint(self) -> String {
        match self {
            Name::Is(wanted) | Name::Has(wanted) => wanted.to_owned(),
            Name::Any => String::new(),
        }
    }
}

/// The engine gives names as they are drawn: upper case by style, lines broken anywhere.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(name: &'a str) -> Self {
        Name::Is(name)
    }
}

/// One element that was found.
#[derive(Debug, Clone)]
pub struct Element {
    /// The protocol's reference.
    pub reference: String,
    /// Its name.
    pub name: String,
}

/// What the window shows.
pub struct Page<'driver> {
    session: Session<'driver>,
}

impl<'driver> Page<'driver> {
    /// Looks at a session's page.
    pub fn new(session: Session<'driver>) -> Self {
        Self { session }
    }

    /// The session below.
    pub fn session(&self) -> &Session<'driver> {
        &self.session
    }

    /// Closes the window.
    pub fn close(self) -> Result<(), DriverError> {
        self.session.close()
    }

    /// Every visible element with the role and a fitting name, now.
    pub fn all<'a>(&self, role: &str, name: impl Into<Name<'a>>) -> Vec<Element> {
        self.all_within(None, role, name.into())
    }

    /// The same, inside of an element.
    pub fn all_within(&self, inside: Option<&Element>, role: &str, name: Name) -> Vec<Element> {
        let scope = inside.map(|element| json!({ ELEMENT_KEY: element.reference }));
        let arguments = json!([role, name.hint(), scope]);
        let Ok(Value::Array(candidates)) = self.session.script(CANDIDATES, &arguments) else {
            return Vec::new();
        };
        candidates
            .iter()
            .filter_map(|candidate| candidate[ELEMENT_KEY].as_str())
            .filter_map(|reference| self.confirm(reference, role, name))
            .collect()
    }

    fn confirm(&self, reference: &str, role: &str, name: Name) -> Option<Element> {
        let found_role = self.session.ask_element(reference, "computedrole").ok()?;
        if found_role.as_str() != Some(role) {
            return None;
        }
        let ask = |what| {
            let answer = self.session.ask_element(reference, what).ok()?;
            answer.as_str().map(str::to_owned)
        };
        let mut label = ask("computedlabel")?;
        // This engine leaves the naming of cells, headers and rows to what is in them.
        if label.is_empty() && NAMED_BY_CONTENT.contains(&role) {
            // The driver leaves out what is cut with an ellipsis; the page itself does not.
            label = self.text_at(reference)?;
        }
        name.fits(&label).then(|| Element {
            reference: reference.to_owned(),
            name: label,
        })
    }

    fn text_at(&self, reference: &str) -> Option<String> {
        let arguments = json!([{ ELEMENT_KEY: reference }]);
        let script = "return arguments[0].innerText";
        let text = self.session.script(script, &arguments).ok()?;
        text.as_str().map(str::to_owned)
    }

    /// The text of an element as it is seen, whatever its name.
    pub fn text_of(&self, element: &Element) -> String {
        self.text_at(&element.reference).unwrap_or_default()
    }

    /// The first visible element with the role and name; waits for it.
    pub fn find<'a>(&self, role: &str, name: impl Into<Name<'a>>) -> Element {
        self.find_within(None, role, name)
    }

    /// The same, inside of an element.
    pub fn find_within<'a>(
        &self,
        inside: Option<&Element>,
        role: &str,
        name: impl Into<Name<'a>>,
    ) -> Element {
        let name = name.into();
        let what = format!("{role} {name:?}");
        self.wait_for(&what, || {
            self.all_within(inside, role, name).into_iter().next()
        })
    }

    /// Clicks the element with the role and name when it can be used.
    pub fn click<'a>(&self, role: &str, name: impl Into<Name<'a>>) {
        self.click_within(None, role, name);
    }

    /// The same, inside of an element.
    pub fn click_within<'a>(
        &self,
        inside: Option<&Element>,
        role: &str,
        name: impl Into<Name<'a>>,
    ) {
        let name = name.into();
        self.wait_for(&format!("{role} {name:?} that can be clicked"), || {
            let element = self.all_within(inside, role, name).into_iter().next()?;
            (self.is_enabled(&element)
                && self.stands_still(&element)
                && self.session.click(&element.reference).is_ok())
            .then_some(())
        });
    }

    /// Whether an element stays where it is: menus and dialogs move while they open.
    fn stands_still(&self, element: &Element) -> bool {
        let script = "const [element, done] = arguments;
            const place = () => JSON.stringify(element.getBoundingClientRect());
            const before = place();
            setTimeout(() => done(before === place()), 60);";
        let arguments = json!([{ ELEMENT_KEY: element.reference }]);
        matches!(
            self.session.async_script(script, &arguments),
            Ok(Value::Bool(true))
        )
    }

    /// Whether an element can be used.
    pub fn is_enabled(&self, element: &Element) -> bool {
        let arguments = json!([{ ELEMENT_KEY: element.reference }]);
        let script = "return !arguments[0].matches(':disabled, [aria-disabled=true]')";
        matches!(
            self.session.script(script, &arguments),
            Ok(Value::Bool(true))
        )
    }

    /// What an element says about itself in an attribute.
    pub fn attribute(&self, element: &Element, name: &str) -> Option<String> {
        let arguments = json!([{ ELEMENT_KEY: element.reference }, name]);
        let script = "return arguments[0].getAttribute(arguments[1])";
        let answer = self.session.script(script, &arguments).ok()?;
        answer.as_str().map(str::to_owned)
    }

    /// Types into the field with the role and name.
    pub fn fill(&self, role: &str, field: &str, text: &str) {
        let element = self.find(role, field);
        self.session
            .type_into(&element.reference, text)
            .unwrap_or_else(|error| panic!("typing into {field}: {error}"));
    }

    /// Role and name of what has the focus.
    pub fn focus(&self) -> (String, String) {
        let asked = self
            .session
            .script("return document.activeElement", &json!([]));
        let Some(reference) = asked
            .ok()
            .and_then(|found| found[ELEMENT_KEY].as_str().map(str::to_owned))
        else {
            return Default::default();
        };
        let ask = |what| {
            let answer = self
                .session
                .ask_element(&reference, what)
                .unwrap_or_default();
            answer.as_str().unwrap_or_default().to_owned()
        };
        (ask("computedrole"), ask("computedlabel"))
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: &[char]) {
        self.chord(&[], keys);
    }

    /// Presses keys while others are held.
    pub fn chord(&self, held: &[char], keys: &[char]) {
        self.session
            .press(held, keys)
            .unwrap_or_else(|error| panic!("pressing {keys:?}: {error}"));
    }

    /// The text of the page as it is seen.
    pub fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let text = self.session.script(script, &json!([])).unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says something.
    pub fn wait_for_text(&self, wanted: &str) {
        self.wait_for(&format!("the text {wanted:?}"), || {
            self.text().contains(wanted).then_some(())
        });
    }

    /// Takes a picture of the page as it stands, as PNG.
    ///
    /// The driver waits for the engine to draw a frame, and a page at rest draws none: one pixel in
    /// the corner flickers, invisibly, until the picture is there.
    pub fn picture(&self) -> Result<Vec<u8>, DriverError> {
        let script = "const dot = document.createElement('div');
            Object.assign(dot.style, { position: 'fixed', right: 0, bottom: 0, width: '1px',
                height: '1px', background: 'gray', pointerEvents: 'none' });
            dot.setAttribute('aria-hidden', 'true');
            document.documentElement.append(dot);
            let frames = 0;
            const flicker = () => {
                dot.style.opacity = frames % 2 ? '0.01' : '0.02';
                frames += 1;
                if (frames < 90) requestAnimationFrame(flicker); else dot.remove();
            };
            flicker();";
        self.session.script(script, &json!([]))?;
        self.session.screenshot()
    }

    /// Waits until the page has not changed for a moment.
    pub fn wait_until_still(&self) {
        let script = "const done = arguments[0]; let last = performance.now();
            const watch = new MutationObserver(() => { last = performance.now(); });
            watch.observe(document, { subtree: true, childList: true, attributes: true });
            const began = last;
            const look = () => {
                const now = performance.now();
                if (now - last > 250 || now - began > 5000) { watch.disconnect(); done(true); }
                else requestAnimationFrame(look);
            };
            document.fonts.ready.then(look);";
        let _ = self.session.async_script(script, &json!([]));
    }

    /// Waits until a question has an answer, and fails with what the page showed otherwise.
    pub fn wait_for<T>(&self, what: &str, question: impl FnMut() -> Option<T>) -> T {
        self.wait_up_to(PATIENCE, what, question)
    }

    /// The same with a patience of its own.
    pub fn wait_up_to<T>(
        &self,
        patience: Duration,
        what: &str,
        mut question: impl FnMut() -> Option<T>,
    ) -> T {
        let began = Instant::now();
        loop {
            if let Some(answer) = question() {
                return answer;
            }
            assert!(
                began.elapsed() < patience,
                "waited {patience:?} for {what}; the page says:\n{}",
                self.text()
            );
            std::thread::sleep(STEP);
        }
    }
}

/// Proposes elements: visible, possibly of the role, possibly with the name.
const CANDIDATES: &str = r#"
const [role, hint, scope] = arguments;
const native = {
  button: 'button, summary, input[type=button], input[type=submit]',
  link: 'a[href]', heading: 'h1, h2, h3, h4, h5, h6', table: 'table', row: 'tr', cell: 'td',
  columnheader: 'th', rowheader: 'th', textbox: 'input, textarea', searchbox: 'input',
  checkbox: 'input[type=checkbox]', switch: 'input[type=checkbox]', radio: 'input[type=radio]',
  combobox: 'select, input', option: 'option', dialog: 'dialog', list: 'ul, ol', listitem: 'li',
  navigation: 'nav', main: 'main', banner: 'header', complementary: 'aside', region: 'section',
  form: 'form', status: 'output', progressbar: 'progress', img: 'img, svg', group: 'fieldset, details',
};
const root = scope ?? document;
const selector = [`[role="${role}"]`, native[role]].filter(Boolean).join(', ');
const visible = (e) => {
  const box = e.getBoundingClientRect();
  // Native inputs are often drawn by their label and are themselves a pixel wide.
  if (box.width === 0 && box.height === 0) return false;
  return getComputedStyle(e).visibility !== 'hidden';
};
const words = (e) => [
  e.getAttribute('aria-label'), e.textContent, e.title, e.placeholder, e.alt, e.value,
  ...(e.labels ? [...e.labels].map((l) => l.textContent) : []),
  ...(e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent),
  ...[...e.querySelectorAll('[aria-label], [alt], title')].map((i) => i.getAttribute('aria-label') ?? i.getAttribute('alt') ?? i.textContent),
].filter(Boolean).join(' ');
const squeeze = (text) => text.replace(/\s+/g, '').toLowerCase();
const wanted = squeeze(hint);
return [...root.querySelectorAll(selector)]
  .filter((e) => visible(e) && squeeze(words(e)).includes(wanted))
  .slice(0, 60);
"#;
