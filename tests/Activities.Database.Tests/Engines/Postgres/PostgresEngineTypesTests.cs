using FlowEngine.TestServers;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>What PostgreSQL's types are in JSON.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresEngineTypesTests(PostgresFixture server, PostgresDatabase database)
    : IClassFixture<PostgresDatabase>,
        IAsyncLifetime
{
    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(
            """
            drop type if exists mood, pair;
            drop domain if exists email, small_number;
            create type mood as enum ('sad', 'happy');
            create domain email as text;
            create domain small_number as int;
            create type pair as (a int, b text);
            """
        );
        _flow = DatabaseFlow.Postgres(database.ConnectionString);
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData("null::int", "null")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("9223372036854775807::bigint", "9223372036854775807")]
    [InlineData("(-32768)::smallint", "-32768")]
    [InlineData("12345678901234567890.12345678901234567890::numeric", "12345678901234567890.12345678901234567890")]
    [InlineData("1.50::numeric(10,2)", "1.50")]
    [InlineData("0.1::numeric + 0.2::numeric", "0.3")]
    [InlineData("(10::numeric ^ 40)::numeric(60,0)", "10000000000000000000000000000000000000000")]
    [InlineData("'NaN'::numeric", "null")]
    [InlineData("'NaN'::float8", "null")]
    [InlineData("'infinity'::float8", "null")]
    [InlineData("1.1::float4", "1.1")]
    [InlineData("0.1::float8", "0.1")]
    [InlineData("1e300::float8", "1e+300")]
    [InlineData("'2024-02-29 03:04:05.678901+02'::timestamptz", "\"2024-02-29T01:04:05.678901Z\"")]
    [InlineData("'2024-02-29 03:04:05'::timestamp", "\"2024-02-29T03:04:05\"")]
    [InlineData("'2024-02-29 03:04:05.5'::timestamp", "\"2024-02-29T03:04:05.5\"")]
    [InlineData("'2024-02-29'::date", "\"2024-02-29\"")]
    [InlineData("'03:04:05.5'::time", "\"03:04:05.5\"")]
    [InlineData("'03:04:05+02'::timetz", "\"03:04:05+02\"")]
    [InlineData("'infinity'::timestamptz", "\"infinity\"")]
    [InlineData("'infinity'::date", "\"infinity\"")]
    [InlineData("'1 year 2 months 3 days 4 hours 5 minutes 6.7 seconds'::interval", "\"P1Y2M3DT4H5M6.7S\"")]
    [InlineData("'-1 day -00:00:30'::interval", "\"P-1DT-30S\"")]
    [InlineData("'0'::interval", "\"PT0S\"")]
    [InlineData("'100:00:00'::interval", "\"PT100H\"")]
    [InlineData("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"")]
    [InlineData("'\\x00ff10'::bytea", "\"AP8Q\"")]
    [InlineData("'{\"a\": [1, 2.50, null]}'::json", "{\"a\":[1,2.5,null]}")]
    [InlineData("'{\"b\": 1, \"a\": {\"c\": \"x\"}}'::jsonb", "{\"a\":{\"c\":\"x\"},\"b\":1}")]
    [InlineData("'null'::jsonb", "null")]
    [InlineData("'\"text\"'::jsonb", "\"text\"")]
    [InlineData("array[1, null, 3]", "[1,null,3]")]
    [InlineData(
        "array['a b', 'c\"d', 'e,f', 'NULL', '', 'g;h', 'i\\j', null]",
        "[\"a b\",\"c\\\"d\",\"e,f\",\"NULL\",\"\",\"g;h\",\"i\\\\j\",null]"
    )]
    [InlineData("array[[1,2],[3,4]]", "[[1,2],[3,4]]")]
    [InlineData("'[0:1]={7,8}'::int[]", "[7,8]")]
    [InlineData("'{}'::text[]", "[]")]
    [InlineData("array[true, false]", "[true,false]")]
    [InlineData("array['2024-01-02 00:00+00'::timestamptz]", "[\"2024-01-02T00:00:00Z\"]")]
    [InlineData("array['{\"a\":1}'::jsonb]", "[{\"a\":1}]")]
    [InlineData("array['(1,1),(0,0)'::box, '(2,2),(1,1)'::box]", "[\"(1,1),(0,0)\",\"(2,2),(1,1)\"]")]
    [InlineData("'happy'::mood", "\"happy\"")]
    [InlineData("array['happy'::mood]", "[\"happy\"]")]
    [InlineData("'a@b.c'::email", "\"a@b.c\"")]
    [InlineData("array[5::small_number]", "[5]")]
    [InlineData("row(1,'x')::pair", "\"(1,x)\"")]
    [InlineData("int4range(1,5)", "\"[1,5)\"")]
    [InlineData("'10.0.0.1'::inet", "\"10.0.0.1\"")]
    [InlineData("'x'::char(3)", "\"x  \"")]
    [InlineData("'x'::name", "\"x\"")]
    [InlineData("'<a/>'::xml", "\"<a/>\"")]
    [InlineData("'(1,2)'::point", "\"(1,2)\"")]
    [InlineData("5::bit(4)", "\"0101\"")]
    [InlineData("'Zürich 😀'::text", "\"Zürich 😀\"")]
    public async Task Query_Value_IsWhatJsonUsersExpect(string expression, string json) =>
        Assert.Equal($"[{{\"v\":{json}}}]", await _flow.RowsAsync($"select {expression} as v"));

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Asia/Kolkata")]
    public async Task Query_SessionInAnotherZone_InstantsAreUtcAllTheSame(string zone)
    {
        var other = await server.CreateDatabaseAsync();
        await PostgresFixture.ExecuteAsync(
            other,
            $"do $$ begin execute format('alter database %I set timezone = ''{zone}''', current_database()); end $$"
        );
        await using var flow = DatabaseFlow.Postgres(other);
        Assert.Equal(
            $$"""[{"zone":"{{zone}}","v":"2024-07-01T12:00:00Z","before1900":"1850-01-01T00:00:00Z"}]""",
            await flow.RowsAsync(
                "select current_setting('timezone') as zone, '2024-07-01 "
                    + "12:00Z'::timestamptz as v, '1850-01-01 00:00Z'::timestamptz as before1900"
            )
        );
    }

    [Fact]
    public async Task Query_ColumnsOfOneName_KeepAllValues() =>
        Assert.Equal("""[{"a":1,"a_2":2,"a_3":3,"?column?":4}]""", await _flow.RowsAsync("select 1 as a, 2 as a, 3 as a, 4"));

    [Fact]
    public async Task Query_Rows_ShareOneShape()
    {
        var first = await _flow.ResultAsync("select i, i * 2 as j from generate_series(1, 3) i");
        var rows = Enumerable.Range(0, 3).Select(i => first.Get("rows").Get(i).TryGetObject(out var row) ? row.Shape : null).ToArray();
        Assert.NotNull(rows[0]);
        Assert.All(rows, shape => Assert.Same(rows[0], shape));
    }

    [Fact]
    public async Task Query_Result_HasTheMembersOfTheSpecification() =>
        Assert.Equal(
            """{"rows":[{"id":1},{"id":2}],"first":{"id":1},"rowCount":2,"affectedRows":0,"truncated":false}""",
            (await _flow.ResultAsync("select i as id from generate_series(1, 2) i")).ToJson()
        );

    [Fact]
    public async Task Query_NoRows_FirstIsNull() =>
        Assert.Equal(
            """{"rows":[],"first":null,"rowCount":0,"affectedRows":0,"truncated":false}""",
            (await _flow.ResultAsync("select 1 as id where false")).ToJson()
        );

    [Theory]
    [InlineData(2, "2 false")]
    [InlineData(1, "1 true")]
    public async Task Query_MaxRows_CutsAndSaysSo(int maxRows, string expected)
    {
        var result = await _flow.ResultAsync("select i as id from generate_series(1, 2) i", "{}", $", \"maxRows\": {maxRows}");
        Assert.Equal(expected, $"{result.Get("rowCount").ToText()} {result.Get("truncated").ToText()}");
    }
}
