//! The containers that are open, the innermost last.

use crate::grammar::container::{Container, Elements};
use crate::grammar::text::lex::Quote;

/// What is nested deeper is read as text.
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

    /// Opens a container in those that are open. Returns false, and leaves it alone, when there are too many.
    pub fn push(&mut self, container: Container) -> bool {
        let Some(slot) = self.open.get_mut(self.depth) else { return false };
        *slot = Some(container);
        self.depth += 1;
        true
    }

    /// Opens the containers of `inner` in those that are open.
    pub fn extend(&mut self, inner: Stack) {
        for container in inner.open.into_iter().take(inner.depth).flatten() {
            self.push(container);
        }
    }

    /// How many are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Takes note that an element was read of the container that is the innermost at this `depth`.
    pub fn begin(&mut self, depth: usize) {
        if let Some(Some(container)) = self.open.get_mut(depth.wrapping_sub(1)) {
            container.first = false;
        }
    }

    /// The innermost one.
    pub fn top(&self) -> Option<&Container> {
        self.open.get(self.depth.checked_sub(1)?)?.as_ref()
    }

    /// The innermost one, to take note of what was read of it.
    pub fn top_mut(&mut self) -> Option<&mut Container> {
        self.open.get_mut(self.depth.checked_sub(1)?)?.as_mut()
    }

    /// The quotes of the key whose list is the innermost one.
    pub fn list_quote(&self) -> Option<Quote> {
        match self.top() {
            Some(Container { elements: Elements::Values { .. }, frame, .. }) => frame.quote,
            _ => None,
        }
    }

    /// Takes note of the quotes of the key, if its value is a list that is the innermost one.
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

    /// Leaves the innermost one.
    pub fn pop(&mut self) -> Option<Container> {
        self.depth = self.depth.checked_sub(1)?;
        self.open[self.depth].take()
    }

    /// Leaves all of them.
    pub fn clear(&mut self) {
        self.depth = 0;
    }
}
