//! The stack of open containers, innermost last.

use crate::grammar::container::{Container, Elements};
use crate::grammar::text::lex::Quote;

/// Deeper nesting is read as text.
const MAX_DEPTH: usize = 8;

/// Open containers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stack {
    open: [Option<Container>; MAX_DEPTH],
    depth: usize,
}

impl Stack {
    pub fn is_empty(&self) -> bool {
        self.depth == 0
    }

    /// Pushes a container. Returns false and changes nothing if the stack is full.
    pub fn push(&mut self, container: Container) -> bool {
        let Some(slot) = self.open.get_mut(self.depth) else { return false };
        *slot = Some(container);
        self.depth += 1;
        true
    }

    /// Pushes the containers of `inner`.
    pub fn extend(&mut self, inner: Stack) {
        for container in inner.open.into_iter().take(inner.depth).flatten() {
            self.push(container);
        }
    }

    /// The number of open containers.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Records that an element was read of the container that is innermost at this `depth`.
    pub fn begin(&mut self, depth: usize) {
        if let Some(Some(container)) = self.open.get_mut(depth.wrapping_sub(1)) {
            container.first = false;
        }
    }

    /// Records that a secret was found in a map of cookies that is innermost at this `depth`.
    pub fn found_cookie(&mut self, depth: usize, quoted: bool) {
        if let Some(Some(Container { elements: Elements::Entries { exact, bare, .. }, .. })) =
            self.open.get_mut(depth.wrapping_sub(1))
        {
            *exact = true;
            *bare |= !quoted;
        }
    }

    /// The innermost container.
    pub fn top(&self) -> Option<&Container> {
        self.open.get(self.depth.checked_sub(1)?)?.as_ref()
    }

    /// The innermost container, to record what was read of it.
    pub fn top_mut(&mut self) -> Option<&mut Container> {
        self.open.get_mut(self.depth.checked_sub(1)?)?.as_mut()
    }

    /// The quotes of the key whose list is the innermost container.
    pub fn list_quote(&self) -> Option<Quote> {
        match self.top() {
            Some(Container { elements: Elements::Values { .. }, frame, .. }) => frame.quote,
            _ => None,
        }
    }

    /// Records the quotes of the key, if its value is a list that is the innermost container.
    pub fn quote_list(&mut self, quote: Option<Quote>) {
        if let Some(Container {
            elements: Elements::Values { .. } | Elements::Lines { .. },
            frame,
            ..
        }) = self.top_mut()
        {
            frame.quote = quote;
        }
    }

    /// Leaves the innermost container.
    pub fn pop(&mut self) -> Option<Container> {
        self.depth = self.depth.checked_sub(1)?;
        self.open[self.depth].take()
    }

    /// Leaves all containers.
    pub fn clear(&mut self) {
        self.depth = 0;
    }
}
