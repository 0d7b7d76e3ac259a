using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using Microsoft.Data.Sqlite;

namespace FlowEngine.ElsaActivities.Tests.Hosting;

/// <summary>What a host writes into settings, and what it evaluates itself.</summary>
public sealed class HostedFlowTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hosted-flow").FullName;
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly HostedEngine _engine;

    public HostedFlowTests()
    {
        _server.Start();
        using (var people = new SqliteConnection($"Data Source={Path.Combine(_folder, "people.db")};Pooling=False"))
        {
            people.Open();
            using var command = new SqliteCommand("create table users (email text); insert into users values ('a@x'), ('b@x')", people);
            command.ExecuteNonQuery();
        }
        File.WriteAllText(
            Path.Combine(_folder, "people.connector.json"),
            """{ "id": "people", "type": "sql", "configuration": { "engine": "sqlite", "file": "people.db" } }"""
        );
        File.WriteAllText(
            Path.Combine(_folder, "api.connector.json"),
            $$"""{ "id": "api", "type": "http", "configuration": { "baseUrl": "http://127.0.0.1:{{Port}}" } }"""
        );
        _engine = TestEngine.Open(options => options.AddConnectors(_folder));
    }

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    [Fact]
    public async Task Expression_InAParameter_IsBoundAsAValue()
    {
        var chart = Chart(
            """
            { "id": "find", "type": "FlowEngine.Database",
              "connector": { "expression": { "type": "Literal", "value": "people" } },
              "contextKey": { "expression": { "type": "Literal", "value": "db" } },
              "query": { "expression": { "type": "Literal", "value": "select email from users where email = {{client.variables.email}}" } } }
            """
        );
        Assert.Equal(["email"], chart.Flow.VariableNames);
        chart.Variables = FlowValue.Object(("email", FlowValue.From("x' or '1'='1")));

        await chart.StartAsync();
        Assert.Equal("0", Connector(chart, "db").Get("rowCount").ToText());

        chart = Chart(chart);
        chart.Variables = FlowValue.Object(("email", FlowValue.From("a@x")));
        await chart.StartAsync();
        Assert.Equal("1", Connector(chart, "db").Get("rowCount").ToText());
    }

    [Fact]
    public async Task Expression_AsASetting_IsEncodedWhereItStands()
    {
        var chart = Chart(
            """
            { "id": "call", "type": "FlowEngine.GenericHttp",
              "connector": { "expression": { "type": "Literal", "value": "api" } },
              "contextKey": { "expression": { "type": "Literal", "value": "api" } },
              "endpoint": { "expression": { "type": "Literal", "value": "/find?q={{client.variables.q}}" } },
              "body": { "expression": { "type": "JavaScript", "value": "getQ()" } },
              "method": { "expression": { "type": "Literal", "value": "POST" } } }
            """
        );
        Assert.Equal("body", Assert.Single(chart.Flow.ExpressionsOf("call")).Setting);
        chart.Variables = FlowValue.Object(("q", FlowValue.From("a b&c")));
        chart.Evaluate = (activity, setting) => FlowValue.Object(("of", FlowValue.From($"{activity}.{setting} \"}}")));

        var received = ReceiveAsync();
        await chart.StartAsync();

        var request = await received;
        Assert.StartsWith("POST /find?q=a%20b%26c HTTP/1.1", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"of":"call.body \"}"}""", request, StringComparison.Ordinal);
        Assert.Equal("204", Connector(chart, "api").Get("statusCode").ToText());
    }

    [Theory]
    [InlineData("query")]
    [InlineData("connector")]
    [InlineData("maxRows")]
    public void Expression_InWhatIsFixed_IsRefusedByItsName(string setting)
    {
        var problems = Problems(
            $$"""
            { "id": "find", "type": "FlowEngine.Database",
              "connector": { "expression": { "type": "Literal", "value": "people" } },
              "query": { "expression": { "type": "Literal", "value": "select 1" } },
              "{{setting}}": { "expression": { "type": "Liquid", "value": "..." } } }
            """
        );

        var problem = Assert.Single(problems, problem => problem.Code == ElsaErrors.Expression.Code);
        Assert.Contains($"'{setting}' of 'find' is a Liquid expression", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"3\"", 3)]
    [InlineData("3", 3)]
    public void Written_AsAText_IsReadAsTheSettingsKind(string maxRows, int expected)
    {
        var chart = Chart(
            $$"""
            { "id": "find", "type": "FlowEngine.Database",
              "connector": { "expression": { "type": "Literal", "value": "people" } },
              "query": { "expression": { "type": "Literal", "value": "select 1" } },
              "maxRows": { "expression": { "type": "Literal", "value": {{maxRows}} } } }
            """
        );

        Assert.Equal(FlowValue.From(expected), chart.Flow.Plan.Definition.Activities[0].Json.Get("maxRows"));
    }

    [Fact]
    public void Input_OfTheNameOfTheHostsOwn_IsRefused()
    {
        var problems = Problems("""{ "id": "end", "type": "FlowEngine.End" }""", """{ "inputs": { "variables": { "type": "string" } } }""");

        Assert.Contains(
            problems,
            problem => problem.Code == FlowErrors.Input.Code && problem.Message.Contains("'variables'", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Broken_Setting_IsToldInTheCompilersWords()
    {
        var problems = Problems(
            """{ "id": "find", "type": "FlowEngine.Database", "connector": { "expression": { "type": "Literal", "value": "nobody" } } }"""
        );

        Assert.Contains(problems, problem => problem.Code == FlowErrors.UnknownConnector.Code);
    }

    [Fact]
    public async Task Variables_NotNamed_AreAllGiven()
    {
        var chart = Chart(
            """
            { "id": "script", "type": "FlowEngine.Scriptlet",
              "arguments": { "expression": { "type": "Object", "value": "{ \"all\": \"{{client.variables}}\" }" } },
              "code": { "expression": { "type": "Literal", "value": "return all.a + all.b" } } }
            """
        );
        Assert.Null(chart.Flow.VariableNames);
        chart.Variables = FlowValue.Object(("a", FlowValue.From(1)), ("b", FlowValue.From(2)));

        await chart.StartAsync();

        Assert.Equal("3", chart.Run.Context.Get(ContextRoot.Scripts).Get("script").ToText());
    }

    [Fact]
    public async Task Foreign_ActivityBetweenOurs_SeesWhatOursWroteAndDecidesTheWay()
    {
        var definition = FlowValue.Parse(
            """
            { "definitionId": "mixed", "name": "Mixed", "customProperties": { "screens": [
                { "id": "s", "components": [ { "type": "TextInput", "name": "n" }, { "type": "Button", "id": "go" } ] } ] },
              "root": { "type": "Elsa.Flowchart", "activities": [
                { "id": "ask", "type": "FlowEngine.Screen", "screen": { "expression": { "type": "Literal", "value": "s" } } },
                { "id": "switch", "type": "Elsa.FlowSwitch" },
                { "id": "again", "type": "FlowEngine.Restart" },
                { "id": "end", "type": "FlowEngine.End", "endName": { "expression": { "type": "Literal", "value": "Out" } } } ],
              "connections": [
                { "source": { "activity": "ask", "port": "go" }, "target": { "activity": "switch" } },
                { "source": { "activity": "switch", "port": "odd" }, "target": { "activity": "again" } },
                { "source": { "activity": "switch", "port": "even" }, "target": { "activity": "end" } } ] } }
            """
        );
        var chart = new TestChart(definition, _engine.Environment, FlowValue.Missing, RunServices.Default) { MovesBetweenSteps = true };
        chart.Foreign["switch"] = run => run.Context.Get(ContextRoot.Form).Get("n").ToText() == "2" ? "even" : "odd";

        await chart.StartAsync();
        await chart.SubmitAsync(Press("go", "1"));
        Assert.Equal("ask", chart.Waiting);
        await chart.SubmitAsync(Press("nothing", "2"));
        Assert.Equal("ask", chart.Waiting);
        Assert.NotEmpty(chart.Run.ErrorText);
        await chart.SubmitAsync(Press("go", "2"));

        Assert.Equal(["ask", "switch", "again", "ask", "switch", "end"], chart.Journal);
        Assert.Equal((RunStatus.Completed, "Out"), (chart.Run.Status, chart.Run.EndName));
    }

    [Fact]
    public async Task ErrorEvent_LedToTheHosts_IsAnOutcome()
    {
        var definition = FlowValue.Parse(
            """
            { "definitionId": "mixed", "name": "Mixed", "root": { "type": "Elsa.Flowchart", "activities": [
                { "id": "find", "type": "FlowEngine.Database", "connector": { "expression": { "type": "Literal", "value": "people" } },
                  "query": { "expression": { "type": "Literal", "value": "select nothing from nowhere" } } },
                { "id": "switch", "type": "Elsa.FlowSwitch" } ],
              "connections": [
                { "source": { "activity": "find", "port": "Connector Execution" }, "target": { "activity": "switch" } } ] } }
            """
        );
        var chart = new TestChart(definition, _engine.Environment, FlowValue.Missing, RunServices.Default);
        chart.Foreign["switch"] = _ => "Default";

        await chart.StartAsync();

        Assert.Equal(["find", "switch"], chart.Journal);
        Assert.Null(chart.Fault);
    }

    [Fact]
    public void Outcome_LedToSeveral_IsTheHostsToFollow()
    {
        var workflow = TestChart.WorkflowOf(
            FlowValue.Parse(
                """
                { "definitionId": "fork", "name": "Fork", "root": { "type": "Elsa.Flowchart", "activities": [
                    { "id": "user", "type": "FlowEngine.SetUser",
                      "user": { "expression": { "type": "Object", "value": "{ \"userId\": \"u\" }" } } },
                    { "id": "one", "type": "FlowEngine.End" }, { "id": "two", "type": "FlowEngine.End" } ],
                  "connections": [
                    { "source": { "activity": "user", "port": "Done" }, "target": { "activity": "one" } },
                    { "source": { "activity": "user", "port": "Done" }, "target": { "activity": "two" } } ] } }
                """
            )
        );
        var problems = new DiagnosticBag();

        Assert.NotNull(HostedFlow.Compile(workflow, _engine.Environment, problems));
        Assert.Empty(problems.Items);
    }

    [Fact]
    public void Namespaces_OfOurs_DoNotHideElsas()
    {
        // This file stands below FlowEngine: were there a namespace FlowEngine.Elsa, the name would not be found.
        Assert.Equal("Elsa.Workflows.ITerminalNode", typeof(Elsa.Workflows.ITerminalNode).FullName);
        Assert.DoesNotContain(
            typeof(RunFlow).Assembly.GetTypes().Concat(typeof(ElsaReader).Assembly.GetTypes()),
            type => type.Namespace is { } name && name.Split('.') is ["FlowEngine", "Elsa", ..]
        );
    }

    private static ScreenSubmission Press(string button, string n) => new(button, FlowValue.Object(("n", FlowValue.From(n))));

    private static FlowValue Connector(TestChart chart, string key) => chart.Run.Context.Get(ContextRoot.Connectors).Get(key);

    private TestChart Chart(string activity) => new(Definition(activity), _engine.Environment, FlowValue.Missing, RunServices.Default);

    private TestChart Chart(TestChart like) => new(ElsaWriterOf(like), _engine.Environment, FlowValue.Missing, RunServices.Default);

    /// <summary>The same workflow once more, through what it was read into.</summary>
    private static FlowValue ElsaWriterOf(TestChart chart)
    {
        var definition = ElsaWriter.Write(chart.Flow.Plan.Definition, 1);
        definition.TryGetObject(out var members);
        members!.Get("customProperties").TryGetObject(out var custom);
        return FlowValue.From(members.With("customProperties", FlowValue.From(custom!.With("inputs", FlowValue.From(FlowObject.Empty)))));
    }

    private List<Diagnostic> Problems(string activity, string customProperties = "{}")
    {
        var problems = new DiagnosticBag();
        var workflow = TestChart.WorkflowOf(Definition(activity, customProperties));
        Assert.Null(HostedFlow.Compile(workflow, _engine.Environment, problems));
        return [.. problems.Items];
    }

    private static FlowValue Definition(string activity, string customProperties = "{}") =>
        FlowValue.Parse(
            $$"""
            { "definitionId": "test", "name": "Test", "customProperties": {{customProperties}},
              "root": { "type": "Elsa.Flowchart", "activities": [ {{activity}} ], "connections": [] } }
            """
        );

    /// <summary>The text of one request, which is answered by 204.</summary>
    private async Task<string> ReceiveAsync()
    {
        using var client = await _server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(received.ToString()))
            received.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)));
        await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return received.ToString();
    }

    private static bool IsWhole(string request) =>
        request.Split("\r\n\r\n", 2) is [var head, var body]
        && head.Split("Content-Length: ") is [_, var rest]
        && body.Length >= int.Parse(rest.Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
