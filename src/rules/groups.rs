//! The recognisers that one anchor leads to.

/// Lists of recognisers, by their numbers. They share one vector, because most of hundreds of lists have one member.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// By the number of a group: the place of its first member, from 1; 0 if it has none.
    first: Vec<u16>,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    recogniser: u16,
    /// The place of the next member of the group, from 1; 0 for the last.
    next: u16,
}

impl Groups {
    /// The number of the next group that is added.
    pub fn next(&self) -> u16 {
        self.first.len() as u16
    }

    /// Adds a group without members, and returns its number.
    pub fn add(&mut self) -> u16 {
        self.first.push(0);
        self.next() - 1
    }

    /// Adds a recogniser to the end of a group, unless the group has it.
    pub fn join(&mut self, group: u16, recogniser: u16) {
        let new = self.members.len() as u16 + 1;
        let mut place = &mut self.first[usize::from(group)];
        while let Some(index) = place.checked_sub(1) {
            let member = &mut self.members[usize::from(index)];
            if member.recogniser == recogniser {
                return;
            }
            place = &mut member.next;
        }
        *place = new;
        self.members.push(Member { recogniser, next: 0 });
    }

    /// The recognisers of a group, in the order in which they joined.
    pub fn of(&self, group: u16) -> impl Iterator<Item = u16> {
        let member = |place: u16| Some(&self.members[usize::from(place.checked_sub(1)?)]);
        std::iter::successors(member(self.first[usize::from(group)]), move |last| member(last.next))
            .map(|member| member.recogniser)
    }
}
