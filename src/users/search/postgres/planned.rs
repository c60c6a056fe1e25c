//! What the planner thinks.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::super::walk::{LATEST, Reach};
use crate::error::AppResult;

/// A line of a plan.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

/// About how many people with these facets were last seen within reach, by the statistics that PostgreSQL keeps of the index:
/// to count ten thousand of them takes ten thousand looks into the table. Good for numbers that are far above these.
///
/// # Errors
/// When the database fails.
pub(in super::super) fn planned(conn: &mut PgConnection, facets: &[i64], reach: &Reach) -> AppResult<Option<i64>> {
    let facets: Vec<String> =
        std::iter::once(-1).chain(facets.iter().copied()).map(|number| number.to_string()).collect();
    let seen = "coalesce(last_login_at, created_at)";
    let moment = |at: i64| format!("timestamp 'epoch' + {} * interval '1 microsecond'", at.clamp(0, LATEST));
    let plan: Line = diesel::sql_query(format!(
        "explain select 1 from users where facets in ({}) and seq >= {} and seq < {} and {seen} >= {} and {seen} < {}",
        facets.join(", "),
        reach.from,
        reach.to,
        moment(reach.seen_from),
        moment(reach.seen_to),
    ))
    .get_result(conn)?;
    Ok(rows(&plan.text))
}

fn rows(line: &str) -> Option<i64> {
    line.split_once(" rows=")?.1.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_plan_says_how_many() {
        assert_eq!(rows("Index Scan using i on users  (cost=0.43..8.45 rows=123456 width=4)"), Some(123_456));
        assert_eq!(rows("Result"), None);
    }
}
