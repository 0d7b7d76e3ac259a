using FlowEngine.Context;
using FlowEngine.Database.Engines.Postgres;

namespace FlowEngine.Database.Tests.Engines.Postgres;

/// <summary>How values become parameters of PostgreSQL.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresParameterTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    private DatabaseFlow _flow = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync(
            $$"""
            drop table if exists people;
            create table people (id uuid, number int, big bigint, small smallint, price numeric(40,20), at timestamptz, day date,
              name text, code varchar(10), active boolean, data jsonb, tags text[], rate float8);
            insert into people values ('{{Id}}', 7, 5000000000, 3, 12345678901234567890.12345678901234567890, '2024-01-02 03:04:05Z',
              '2024-01-02', 'Ada', 'A1', true, '{"a": 1, "t": ["x"]}', '{x,y}', 0.1);
            """
        );
        _flow = DatabaseFlow.Postgres(database.ConnectionString);
    }

    public ValueTask DisposeAsync() => _flow.DisposeAsync();

    [Theory]
    [InlineData("id = {{client.v}}", "\"" + Id + "\"")]
    [InlineData("number = {{client.v}}", "\"7\"")]
    [InlineData("number = {{client.v}}", "7")]
    [InlineData("number < {{client.v}}", "7.5")]
    [InlineData("number < {{client.v}}", "5000000000")]
    [InlineData("big = {{client.v}}", "5000000000")]
    [InlineData("big > {{client.v}}", "1")]
    [InlineData("small = {{client.v}}", "3")]
    [InlineData("price = {{client.v}}", "12345678901234567890.12345678901234567890")]
    [InlineData("rate = {{client.v}}", "0.1")]
    [InlineData("at = {{client.v}}", "\"2024-01-02T03:04:05Z\"")]
    [InlineData("at > {{client.v}}", "\"2024-01-01\"")]
    [InlineData("day = {{client.v}}", "\"2024-01-02\"")]
    [InlineData("day = '2024-01-01'::date + {{client.v}}", "1")]
    [InlineData("name = {{client.v}}", "\"Ada\"")]
    [InlineData("lower(name) = lower({{client.v}})", "\"ADA\"")]
    [InlineData("name like {{client.v}}", "\"A%\"")]
    [InlineData("name ilike {{client.v}} || '%'", "\"ad\"")]
    [InlineData("name like '%' || {{client.v}}", "\"da\"")]
    [InlineData("name ~ {{client.v}}", "\"^A\"")]
    [InlineData("left(name, {{client.v}}) = 'Ad'", "2")]
    [InlineData("code = {{client.v}}", "\"A1\"")]
    [InlineData("code = {{client.v}}::text", "\"A1\"")]
    [InlineData("active = {{client.v}}", "true")]
    [InlineData("active = {{client.v}}", "\"true\"")]
    [InlineData("data @> {{client.v}}", "{\"a\":1}")]
    [InlineData("data = {{client.v}}", "{\"t\":[\"x\"],\"a\":1}")]
    [InlineData("data ->> {{client.v}} = '1'", "\"a\"")]
    [InlineData("data ? {{client.v}}", "\"a\"")]
    [InlineData("data->'t' @> {{client.v}}", "[\"x\",1]", 0)]
    [InlineData("id = any({{client.v}})", "[\"" + Id + "\"]")]
    [InlineData("number = any({{client.v}})", "[1,7]")]
    [InlineData("number = any({{client.v}})", "[1,7,null]")]
    [InlineData("number = any({{client.v}})", "[\"7\"]")]
    [InlineData("big = any({{client.v}})", "[1,5000000000]")]
    [InlineData("{{client.v}} < price", "0.0000000000000000000000000000000000000001")]
    [InlineData("price = any({{client.v}})", "[1,12345678901234567890.12345678901234567890]")]
    [InlineData("name = any({{client.v}})", "[\"a\\\"b\",\"c\\\\d\",\"NULL\",\"{x}\",\"Ada\"]")]
    [InlineData("name = any({{client.v}})", "[]", 0)]
    [InlineData("name <> all({{client.v}})", "[]")]
    [InlineData("active = any({{client.v}})", "[true]")]
    [InlineData("tags = {{client.v}}", "[\"x\",\"y\"]")]
    [InlineData("tags && {{client.v}}", "[\"y\",\"z\"]")]
    [InlineData("{{client.v}} = any(tags)", "\"x\"")]
    [InlineData("name = {{client.v}}", "null", 0)]
    [InlineData("name is distinct from {{client.v}}", "null")]
    [InlineData("{{client.v}} is null", "null")]
    [InlineData("{{client.none}} is null", "1")]
    [InlineData("{{client.v}} is null or id = {{client.v}}", "\"" + Id + "\"")]
    [InlineData("coalesce({{client.v}}, 'Ada') = name", "null")]
    [InlineData("jsonb_build_object('a', {{client.v}}) = '{\"a\":\"x\"}'", "\"x\"")]
    [InlineData("name in (select unnest({{client.v}}))", "[\"Ada\"]")]
    [InlineData("{{client.v}} > 0", "123456789012345678901234567890123456789012345")]
    public async Task Query_Parameter_IsTypedFromItsValueAndPlace(string condition, string value, int count = 1) =>
        Assert.Equal(
            $"[{{\"n\":{count}}}]",
            await _flow.RowsAsync($"select count(*) as n from people where {condition}", $$"""{ "v": {{value}} }""")
        );

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.5", "1.5")]
    [InlineData("5000000000", "5000000000")]
    [InlineData("12345678901234567890.123", "12345678901234567890.123")]
    [InlineData("true", "true")]
    [InlineData("\"x\"", "\"x\"")]
    [InlineData("null", "null")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("[true]", "[true]")]
    [InlineData("[1.5,2]", "[1.5,2]")]
    public async Task Query_ParameterAlone_ComesBackWithItsType(string value, string expected) =>
        Assert.Equal($"[{{\"v\":{expected}}}]", await _flow.RowsAsync("select {{client.v}} as v", $$"""{ "v": {{value}} }"""));

    [Fact]
    public async Task Query_FallbackAndSeveralParameters_AreBoundInOrder() =>
        Assert.Equal(
            """[{"a":"x","b":2,"c":"none"}]""",
            await _flow.RowsAsync("select {{client.a}} as a, {{client.b}} as b, {{client.c ?? \"none\"}} as c", """{ "b": 2, "a": "x" }""")
        );

    [Fact]
    public async Task Query_ObjectIntoJsonColumn_IsStoredAsJson() =>
        Assert.Equal(
            """[{"data":{"it's":"\"quoted\""}}]""",
            await _flow.RowsAsync(
                "insert into people (data) values ({{client.v}}) returning data",
                """{ "v": { "it's": "\"quoted\"" } }""",
                """, "readOnly": false"""
            )
        );

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Query_HostileValue_IsDataAndNeverSql(string text)
    {
        var client = FlowValue.From(
            FlowShape.Of("v", "list").With(FlowValue.From(text), FlowValue.From(FlowArray.Of(FlowValue.From(text), FlowValue.From("Ada"))))
        );
        var result = await _flow.ResultAsync(
            "select {{client.v}}::text as echo, ({{client.list}}::text[])[1] as item, (select count(*) from people where "
                + "name = {{client.v}}) as found, (select count(*) from people where name = any({{client.list}})) as listed",
            client
        );
        Assert.Equal(text, result.Get("first").Get("echo").ToText());
        Assert.Equal(text, result.Get("first").Get("item").ToText());
        Assert.Equal("0", result.Get("first").Get("found").ToText());
        Assert.Equal("1", result.Get("first").Get("listed").ToText());
    }

    public static TheoryData<string> HostileTexts => new(Hostile.Texts);

    [Fact]
    public async Task Query_TextWithNul_IsAnErrorOfTheQuery()
    {
        var client = FlowValue.From(FlowShape.Of("v").With(FlowValue.From("nul\0byte")));
        Assert.Equal("db.query", (await _flow.ErrorAsync("select {{client.v}}::text as echo", client)).Code);
        Assert.Equal("""[{"v":1}]""", await _flow.RowsAsync("select 1 as v"));
    }
}
