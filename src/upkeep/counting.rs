//! Counting what happened, for the page of numbers.

use crate::counts;
use crate::error::AppResult;
use crate::web::App;

/// Batches of the history that are counted in one round.
const COUNT_BATCHES: u32 = 20;

/// Writes down what was counted since the last time, if there is anything.
pub async fn count(app: &App) {
    for done in [count_here(app).await, count_history(app).await] {
        if let Err(error) = done {
            tracing::warn!(cause = error.cause_line(), "what happened could not be counted just now");
        }
    }
}

/// What this process alone knows: logins that failed, notices that came, devices it saw.
async fn count_here(app: &App) -> AppResult<()> {
    let (now, tally) = (app.clock.now(), app.desk.tally());
    let (process, devices) = (app.devices.process().to_owned(), app.devices.due(now));
    let (failures, notices) = (tally.take(), tally.take_notices());
    if devices.is_none() && failures.is_empty() && notices.is_empty() {
        return Ok(());
    }
    let (counted, heard) = (failures.clone(), notices.clone());
    let noted = app.db.write(move |conn| {
        for failure in &counted {
            counts::add(conn, failure)?;
        }
        for notices in &heard {
            counts::add_notices(conn, notices)?;
        }
        devices.map_or(Ok(()), |devices| counts::note_devices(conn, &process, devices, now))
    });
    let noted = noted.await;
    if noted.is_err() {
        tally.give_back(failures);
        tally.give_notices_back(notices);
    }
    noted
}

/// What the history says: sign-ups and logins.
async fn count_history(app: &App) -> AppResult<()> {
    let now = app.clock.now();
    let mut more = app.db.read(move |conn| counts::is_due(conn, now)).await?;
    for _ in 0..COUNT_BATCHES {
        if !more {
            break;
        }
        let zone = app.desk.tally().zone().clone();
        more = app.db.write(move |conn| counts::roll_up(conn, &zone, now)).await?;
    }
    Ok(())
}
