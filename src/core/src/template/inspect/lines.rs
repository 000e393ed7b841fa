//! Where messages begin, and what stands in them.
//!
//! Whether a line is blank so far is decided while rendering; here it is followed as far as the
//! template's text alone decides it.

use minijinja::machinery::ast;

use super::super::messages::strip;
use super::super::{Role, markers};
use super::{Inspection, Marker, Site, Standing};

/// Follows a parsed template from its first line to its last.
pub(super) fn collect(site: &Site<'_>, template: &ast::Stmt<'_>, inspection: &mut Inspection) {
    let ast::Stmt::Template(template) = template else { return };
    let mut lines = Lines {
        site,
        line: Line::Blank,
        capture: None,
        looping: false,
        open: None,
        opened: 0,
        speaks: false,
        before: None,
        inspection,
    };
    lines.body(&template.children);
    let (speaks, opened, open, before) = (lines.speaks, lines.opened, lines.open.take(), lines.before);
    inspection.renders_nothing = !speaks;
    inspection.dropped_message = open;
    inspection.text_before_marker = before.filter(|_| opened > 0).map(|offset| site.place(offset));
}

/// What stands on the output line so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Blank,
    Text,
    /// It depends on the variables.
    Unknown,
}

impl Line {
    fn or(self, other: Line) -> Line {
        if self == other { self } else { Line::Unknown }
    }
}

struct Lines<'w, 's> {
    site: &'w Site<'s>,
    line: Line,
    /// What is captured is text, and this is why.
    capture: Option<Standing>,
    looping: bool,
    /// The last message, while nothing stands in it.
    open: Option<Marker>,
    opened: usize,
    /// Whether anything can become a message.
    speaks: bool,
    /// The offset of the first text, if it stands before the first marker.
    before: Option<usize>,
    inspection: &'w mut Inspection,
}

impl Lines<'_, '_> {
    fn body(&mut self, statements: &[ast::Stmt<'_>]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &ast::Stmt<'_>) {
        match statement {
            ast::Stmt::EmitRaw(raw) => match self.capture {
                Some(standing) => self.captured(raw.raw, standing),
                None => self.text(raw.raw),
            },
            ast::Stmt::EmitExpr(emit) => self.output(emit.span().start_offset as usize),
            ast::Stmt::IfCond(condition) => self.branches(&[&condition.true_body, &condition.false_body]),
            ast::Stmt::ForLoop(each) => self.repeat(each),
            ast::Stmt::WithBlock(with) => self.body(&with.body),
            ast::Stmt::AutoEscape(block) => self.body(&block.body),
            ast::Stmt::SetBlock(set) => self.captures(Standing::InSetBlock, &set.body),
            ast::Stmt::Macro(declaration) => self.captures(Standing::InMacro, &declaration.body),
            ast::Stmt::FilterBlock(block) => {
                self.captures(Standing::InFilterBlock, &block.body);
                self.output(block.span().start_offset as usize);
            }
            ast::Stmt::CallBlock(block) => {
                self.captures(Standing::InCallBlock, &block.macro_decl.body);
                self.output(block.span().start_offset as usize);
            }
            _ => {}
        }
    }

    fn captures(&mut self, standing: Standing, body: &[ast::Stmt<'_>]) {
        let before = self.capture.replace(standing);
        self.body(body);
        self.capture = before;
    }

    fn branches(&mut self, bodies: &[&[ast::Stmt<'_>]]) {
        let (start, mut end) = (self.line, None);
        for body in bodies {
            self.line = start;
            // What one branch leaves open, another may have filled.
            self.open = None;
            self.body(body);
            end = Some(end.map_or(self.line, |end: Line| end.or(self.line)));
        }
        self.open = None;
        self.line = end.unwrap_or(start);
    }

    fn repeat(&mut self, each: &ast::ForLoop<'_>) {
        let start = self.line;
        let before = std::mem::replace(&mut self.looping, true);
        self.open = None;
        self.line = start.or(tail(&each.body));
        self.body(&each.body);
        let end = self.line;
        self.looping = before;
        self.line = start;
        self.open = None;
        self.body(&each.else_body);
        self.open = None;
        self.line = self.line.or(end);
    }

    /// Something that is not the template's own text.
    fn output(&mut self, offset: usize) {
        if self.capture.is_some() {
            return;
        }
        self.inspection.outputs.push(self.site.place(offset));
        self.speak(offset);
        self.line = Line::Text;
    }

    fn speak(&mut self, offset: usize) {
        if self.opened == 0 && self.before.is_none() {
            self.before = Some(offset);
        }
        self.speaks = true;
        self.open = None;
    }

    fn text(&mut self, raw: &str) {
        let start = self.site.offset(raw);
        let text = markers::text(raw);
        let mut written = 0;
        for marker in &text.markers {
            if marker.first_line && self.line == Line::Text {
                self.after_text(marker.role, start + marker.start);
                continue;
            }
            self.content(raw, start, written..marker.start);
            self.opens(marker.role, start + marker.start);
            written = marker.end;
        }
        self.content(raw, start, written..raw.len());
        self.look(raw, start);
        self.line = match text.leaves_blank {
            Some(true) => Line::Blank,
            Some(false) => Line::Text,
            None => self.line,
        };
    }

    fn content(&mut self, raw: &str, start: usize, range: std::ops::Range<usize>) {
        let content = raw.get(range).unwrap_or_default();
        let stripped = strip(content);
        if !stripped.is_empty() {
            self.speak(start + (stripped.as_ptr() as usize).saturating_sub(raw.as_ptr() as usize));
        }
    }

    fn opens(&mut self, role: Role, offset: usize) {
        let marker = self.marker(role, role.marker(), offset, Standing::Opens);
        // All but the last message are kept, also without a word in them.
        if let Some(empty) = self.open.replace(marker.clone()) {
            self.inspection.empty_messages.push(empty);
        }
        self.opened += 1;
        self.speaks |= self.opened > 1 || self.looping;
        self.inspection.markers.push(marker);
    }

    /// A marker on a line that is not blank any more. Worth a word only where the author's own line
    /// looks as if it began with it.
    fn after_text(&mut self, role: Role, offset: usize) {
        if self.begins_line(offset) {
            let marker = self.marker(role, role.marker(), offset, Standing::AfterText);
            self.inspection.markers.push(marker);
        }
    }

    fn captured(&mut self, raw: &str, standing: Standing) {
        let start = self.site.offset(raw);
        for marker in markers::text(raw).markers {
            let offset = start + marker.start;
            if !marker.first_line || self.begins_line(offset) {
                let marker = self.marker(marker.role, marker.role.marker(), offset, standing);
                self.inspection.markers.push(marker);
            }
        }
    }

    /// Looks for indented lines, and for lines that begin almost like a marker.
    fn look(&mut self, raw: &str, start: usize) {
        let mut at = start;
        for (number, line) in raw.split_inclusive('\n').enumerate() {
            let content = line.trim_start_matches([' ', '\t']);
            let offset = at + (line.len() - content.len());
            at += line.len();
            if number == 0 && self.line != Line::Blank {
                continue;
            }
            if let Some((role, written)) = misspelt(content) {
                let marker = self.marker(role, written, offset, Standing::Misspelt);
                self.inspection.markers.push(marker);
            }
            let is_marker = Role::ALL.iter().any(|role| content.starts_with(role.marker()));
            if content.len() < line.len() && !strip(content).is_empty() && !is_marker {
                self.inspection.indented.get_or_insert(self.site.place(offset));
            }
        }
    }

    /// Whether nothing but blanks and tags stand before a place on its line.
    fn begins_line(&self, offset: usize) -> bool {
        let before = self.site.source.get(..offset).unwrap_or_default();
        let mut line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        loop {
            line = line.trim_end_matches([' ', '\t']);
            let Some(sign) = ["}}", "%}", "#}"].into_iter().find(|sign| line.ends_with(sign)) else {
                return line.is_empty();
            };
            let open = match sign {
                "}}" => "{{",
                "%}" => "{%",
                _ => "{#",
            };
            // A tag that began on an earlier line begins this one.
            line = line.rfind(open).and_then(|open| line.get(..open)).unwrap_or_default();
        }
    }

    fn marker(&self, role: Role, text: &str, offset: usize, standing: Standing) -> Marker {
        Marker { role, text: text.to_owned(), place: self.site.place(offset), standing }
    }
}

/// What the line is like behind a loop's body, as far as its last statement tells.
fn tail(body: &[ast::Stmt<'_>]) -> Line {
    match body.last() {
        Some(ast::Stmt::EmitRaw(raw)) => match markers::text(raw.raw).leaves_blank {
            Some(true) => Line::Blank,
            Some(false) => Line::Text,
            None => Line::Unknown,
        },
        Some(ast::Stmt::EmitExpr(_)) => Line::Text,
        _ => Line::Unknown,
    }
}

/// A line that begins like a marker in another case, or with blanks before the colon.
fn misspelt(line: &str) -> Option<(Role, &str)> {
    let (word, _) = line.split_once(':')?;
    let name = word.trim_end_matches([' ', '\t']);
    let role = Role::ALL.into_iter().find(|role| role.as_str().eq_ignore_ascii_case(name))?;
    let written = line.get(..=word.len())?;
    (written != role.marker()).then_some((role, written))
}
