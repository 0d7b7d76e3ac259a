using FlowEngine.Context;
using FlowEngine.Database.Engines.MySql;
using FlowEngine.Database.Engines.Postgres;
using FlowEngine.Database.Engines.Sqlite;
using FlowEngine.Database.Engines.SqlServer;
using FlowEngine.Database.Queries;

namespace FlowEngine.Database.Tests.Queries;

/// <summary>Which columns a query gives, where that is certain: what is not certain is never a reason to refuse a path.</summary>
public sealed class SelectedColumnsTests
{
    [Theory]
    [InlineData("select id, tier from users where email = {{client.x}}", "id,tier")]
    [InlineData("select u.id, u.\"tier\" as level, count(*) as n from users u, (select 1, 2) v", "id,level,n")]
    [InlineData("SELECT DISTINCT ID, public.users.Tier AS Level FROM users;", "id,level")]
    [InlineData("select cast(a as text) as a, coalesce(b, 'x, from y') as \"B b\" /* c, */ from t", "B b,a")]
    [InlineData("select {{client.x}} as given", "given")]
    [InlineData("select case when a > 1 then 2 end as size from t union select 3", "size")]
    public void ShapeOf_AListThatIsCertain_HasTheseColumnsAndNoOthers(string query, string columns)
    {
        var shape = Shape(query, PostgresSettings.Sql);
        Assert.Equal(columns, string.Join(',', shape.MemberNames.Order(StringComparer.Ordinal)));
        Assert.Null(shape.Member("other"));
        Assert.Null(shape.Member("ID"));
    }

    [Theory]
    [InlineData("select * from users")]
    [InlineData("select u.* from users u")]
    [InlineData("select id, count(*) from users")]
    [InlineData("select id, a + b from users")]
    [InlineData("select id ident from users")]
    [InlineData("select id, id from users")]
    [InlineData("select distinct on (id) id from users")]
    [InlineData("select id, null from users")]
    [InlineData("select rowid from users")]
    [InlineData("select id into temp from users")]
    [InlineData("with u as (select id from users) select id from u")]
    [InlineData("insert into users (id) values (1) returning id")]
    [InlineData("select id from users; select tier from users")]
    [InlineData("select Größe from users")]
    [InlineData("select {{client.x}} from users")]
    [InlineData("values (1)")]
    [InlineData("")]
    [InlineData("select")]
    public void ShapeOf_AnythingElse_IsNotKnown(string query) => Assert.Same(ValueShape.Any, Shape(query, PostgresSettings.Sql));

    /// <summary>SQLite gives a column the case that its table says; MySQL that of the query, SQL Server the table's.</summary>
    [Fact]
    public void ShapeOf_WhereTheCaseIsTheTables_TakesAnyCase()
    {
        foreach (var dialect in new[] { SqliteSettings.Sql, MySqlSettings.Sql, SqlServerSettings.Sql })
        {
            Assert.NotNull(Shape("select Id from users", dialect).Member("ID"));
            Assert.Null(Shape("select Id from users", dialect).Member("tier"));
        }
        Assert.Same(ValueShape.Any, Shape("select /*!50000 a, */ id from users", MySqlSettings.Sql));
        Assert.Same(ValueShape.Any, Shape("select \"id\" from users", MySqlSettings.Sql));
    }

    /// <summary>A ForEach over the rows knows its items' columns.</summary>
    [Theory]
    [InlineData("{{item.teir}}", "path.unknown: This reads item.teir, but there is no 'teir': item has id, tier. Did you mean 'tier'?")]
    [InlineData("{{item.tier}} {{item.id}} {{index}}", "")]
    [InlineData("{{item}}", "")]
    public void Compile_APathIntoAnItemOfTheRows_IsChecked(string path, string problem)
    {
        var flow = new DatabaseFlow("""{ "engine": "sqlite", "file": "people.db" }""");
        Assert.Equal(
            problem,
            string.Join(
                '|',
                flow.CompileWithItem("select id, tier from users", path)
                    .Diagnostics.Select(found => $"{found.Code}: {found.Message} {found.Advice}")
            )
        );
    }

    [Theory]
    [InlineData(
        "{{connectors.db.first.teir}}",
        "path.unknown: This reads connectors.db.first.teir, but there is no 'teir': connectors.db.first has id, tier. Did you mean 'tier'?"
    )]
    [InlineData(
        "{{connectors.db.rows[0].teir}}",
        "path.unknown: This reads connectors.db.rows[0].teir, but there is "
            + "no 'teir': connectors.db.rows[0] has id, tier. Did you mean 'tier'?"
    )]
    [InlineData(
        "{{connectors.db.row}}",
        "path.unknown: This reads connectors.db.row, but there is no 'row': connectors.db "
            + "has rows, first, rowCount, affectedRows, truncated. Did you mean 'rows'?"
    )]
    [InlineData("{{connectors.db.first.tier}}{{connectors.db.rowCount}}{{connectors.db.rows[3].id}}{{connectors.db.truncated}}", "")]
    public void Compile_APathIntoTheRows_IsChecked(string path, string problem)
    {
        var flow = new DatabaseFlow("""{ "engine": "sqlite", "file": "people.db" }""");
        Assert.Equal(
            problem,
            string.Join(
                '|',
                flow.CompileWithOutput("select id, tier from users", path)
                    .Diagnostics.Select(found => $"{found.Code}: {found.Message} {found.Advice}")
            )
        );
    }

    private static ValueShape Shape(string query, SqlDialect dialect)
    {
        var text = query.Replace("{{client.x}}", SqlQuery.Marker.ToString(), StringComparison.Ordinal);
        return SelectedColumns.ShapeOf(text, SqlLexer.Split(text, dialect), dialect);
    }
}
