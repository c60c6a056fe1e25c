//! Statements with a written text that are prepared once per connection. Diesel prepares what `sql_query` gives it anew each
//! time: tens of microseconds on SQLite, a round trip and a plan on PostgreSQL, and a page of the admin's list asks a hundred
//! such questions.

use diesel::backend::Backend;
use diesel::expression::{AsExpression, TypedExpressionType};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{SingleValue, SqlType, Untyped};

/// A statement, under way to be asked. Each different text stays with the connection: there have to be few.
pub(crate) struct Kept<'a, DB: Backend> {
    text: String,
    values: Vec<Box<dyn QueryFragment<DB> + Send + 'a>>,
}

/// A statement; each `?` in it is one of the values that are bound, in this order.
pub(crate) fn kept<'a, DB: Backend>(text: impl Into<String>) -> Kept<'a, DB> {
    Kept { text: text.into(), values: Vec::new() }
}

impl<'a, DB: Backend> Kept<'a, DB> {
    /// The value of the next `?`.
    #[must_use]
    pub(crate) fn bind<ST, T>(mut self, value: T) -> Self
    where
        ST: SqlType + TypedExpressionType + SingleValue,
        T: AsExpression<ST>,
        T::Expression: QueryFragment<DB> + Send + 'a,
    {
        self.values.push(Box::new(value.as_expression()));
        self
    }
}

impl<DB: Backend> QueryFragment<DB> for Kept<'_, DB> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (at, piece) in self.text.split('?').enumerate() {
            if at > 0 {
                let missing = || diesel::result::Error::QueryBuilderError("a `?` without a value".into());
                values.next().ok_or_else(missing)?.walk_ast(out.reborrow())?;
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

impl<DB: Backend> QueryId for Kept<'_, DB> {
    type QueryId = ();
    // Known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> Query for Kept<'_, DB> {
    type SqlType = Untyped;
}

impl<DB: Backend, Conn> RunQueryDsl<Conn> for Kept<'_, DB> {}

#[cfg(test)]
mod tests {
    use diesel::connection::{Instrumentation, InstrumentationEvent};
    use diesel::sql_types::{BigInt, Text};

    use super::*;

    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        word: String,
        #[diesel(sql_type = BigInt)]
        number: i64,
    }

    #[derive(Default)]
    struct Prepared(std::sync::Arc<std::sync::atomic::AtomicUsize>);

    impl Instrumentation for Prepared {
        fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn values_stand_in_their_places_and_a_text_is_prepared_once() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let prepared = Prepared::default();
        let kept_so_far = prepared.0.clone();
        conn.set_instrumentation(prepared);
        for number in [7_i64, 8, 9] {
            let statement = kept("select ? as word, ? + ? as number").bind::<Text, _>("한글").bind::<BigInt, _>(number);
            let row: Row = statement.bind::<BigInt, _>(1_i64).get_result(&mut conn).unwrap();
            assert_eq!((row.word.as_str(), row.number), ("한글", number + 1));
        }
        assert_eq!(kept_so_far.load(std::sync::atomic::Ordering::Relaxed), 1);
        let short: QueryResult<Row> = kept("select ? as word, ? as number").bind::<Text, _>("x").get_result(&mut conn);
        assert!(short.is_err_and(|error| error.to_string().contains("without a value")));
    }
}
