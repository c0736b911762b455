//! What a socket missed is told again, for as long as its person sees what they saw when that began.

use shared::{ids::EventId, live::ServerFrame};

use super::Connection;
use crate::realtime::{
    outbox::{Closing, Frame},
    replay::{self, Replay},
    visibility::Eyes,
};

impl Connection {
    /// Tells what was missed, page by page. Who sees something else meanwhile is told no more of it, and reads anew.
    pub(super) async fn tell_missed(&mut self, seen: EventId, position: EventId) -> Result<(), Closing> {
        let eyes = self.eyes();
        let mut replay = Replay::new(eyes, seen, position);
        let anew = ServerFrame::Resync { event: position };
        loop {
            match replay.next(&self.state).await {
                Ok(replay::Next::Frames(frames)) => {
                    if !self.tell_page(frames, eyes).await? {
                        return self.answer(anew).await;
                    }
                }
                Ok(replay::Next::End) => {
                    if let Some(membership) = &mut self.joined {
                        membership.told = position.max(seen);
                    }
                    return Ok(());
                }
                Ok(replay::Next::TooMuch) => return self.answer(anew).await,
                Err(error) => {
                    tracing::warn!(cause = error.cause(), %error, "what a socket missed could not be read");
                    return self.answer(anew).await;
                }
            }
        }
    }

    /// Tells a page that was read for `eyes`; whether the person still has them afterwards. A reader may be slow, and what they
    /// may see change between two frames.
    async fn tell_page(&mut self, frames: Vec<Frame>, eyes: Eyes) -> Result<bool, Closing> {
        for frame in frames {
            if self.outbox.takes_recheck() && !self.still_has(eyes).await? {
                return Ok(false);
            }
            self.write_frame(frame).await?;
        }
        self.still_has(eyes).await
    }

    /// Looks again who the person is; whether they see what these eyes see.
    async fn still_has(&mut self, eyes: Eyes) -> Result<bool, Closing> {
        self.recheck().await?;
        if self.doubt.is_some() {
            return Err(Closing::InDoubt);
        }
        Ok(self.eyes().see_as(eyes))
    }

    fn eyes(&self) -> Eyes {
        Eyes { id: self.user(), role: self.caller.role(), scope: self.caller.scope }
    }
}
