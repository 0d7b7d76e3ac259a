using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector;
using FlowEngine.Screens;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Flows;

/// <summary>What is published or saved takes effect on a running server, and nothing else is touched.</summary>
public sealed class CatalogueServiceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ConnectorSet _connectors = new(HttpModule.ConnectorTypes(new HttpModuleOptions()));
    private TestStorage _test = null!;
    private FlowCatalogue _catalogue = null!;
    private CatalogueService _service = null!;

    private static CancellationToken Stop => TestStorage.Stop;

    private ServerStorage Storage => _test.Storage;

    public async ValueTask InitializeAsync()
    {
        _test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        _catalogue = new FlowCatalogue(Storage.Flows, _connectors, FlowEngineHost.ActivitiesOf(), ComponentCatalog.BuiltIn);
        _service = new CatalogueService(Storage, _connectors, _catalogue, Relocate, new Dictionary<string, string>(), "connectors");
        await Storage.Connectors.AddAsync("one", Connector("one", "http://one.example"), "ada", null, Stop);
        await Storage.Connectors.AddAsync("two", Connector("two", "http://two.example"), "ada", null, Stop);
        await PublishAsync("first", Calls("first", "one"));
        await PublishAsync("second", Calls("second", "two"));
        await PublishAsync(
            "outer",
            """
            { "id": "outer", "start": "sub", "activities": [ { "id": "sub", "type": "Subflow", "flow": "first" },
              { "id": "done", "type": "End" } ],
              "connections": [ { "source": "sub", "port": "Done", "target": "done" } ] }
            """
        );
        Assert.Empty(await _service.RefreshAsync(Stop));
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _connectors.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task Refresh_NothingChanged_KeepsEverything()
    {
        var (plan, generation) = (_catalogue.FindPlan("first"), _catalogue.Generation);

        await _service.RefreshAsync(Stop);

        Assert.Same(plan, _catalogue.FindPlan("first"));
        Assert.Equal(generation, _catalogue.Generation);
    }

    [Fact]
    public async Task Refresh_AfterAPublish_CompilesTheFlowAndWhatCallsItAndNothingElse()
    {
        var before = Plans();

        await PublishAsync("first", Calls("first", "two"));
        Assert.Equal(1, _catalogue.FindPlan("first")!.Version);
        await _service.RefreshAsync(Stop);

        Assert.Equal(2, _catalogue.FindPlan("first")!.Version);
        Assert.NotSame(before["outer"], _catalogue.FindPlan("outer"));
        Assert.Same(before["second"], _catalogue.FindPlan("second"));
        // Runs that are on their way need not wait for a compiler.
        Assert.Same(before["first"], await _catalogue.PlanAsync("first", 1, Stop));
    }

    [Fact]
    public async Task Refresh_AfterAConnectorChanged_CompilesWhatUsesItAlsoThroughSubflows()
    {
        var before = Plans();
        var old = _connectors.Find("one", out _);
        var stored = (await Storage.Connectors.FindAsync("one", Stop))!;

        await Storage.Connectors.SaveAsync("one", Connector("one", "http://moved.example"), stored.Revision, "ada", null, Stop);
        await _service.RefreshAsync(Stop);

        Assert.NotSame(old, _connectors.Find("one", out _));
        Assert.NotSame(before["first"], _catalogue.FindPlan("first"));
        Assert.NotSame(before["outer"], _catalogue.FindPlan("outer"));
        Assert.Same(before["second"], _catalogue.FindPlan("second"));
    }

    [Fact]
    public async Task Refresh_AfterAConnectorIsGone_ReportsWhatNeedsIt_AndForgetsTheProblemWhenItIsBack()
    {
        await Storage.Connectors.DeleteAsync("one", null, Stop);
        var problems = await _service.RefreshAsync(Stop);

        Assert.Contains(problems, problem => problem.Code == FlowErrors.UnknownConnector.Code);
        Assert.Null(_catalogue.FindPlan("first"));
        Assert.NotNull(_catalogue.FindPlan("second"));
        Assert.Equal(problems, await _service.RefreshAsync(Stop));

        await Storage.Connectors.AddAsync("one", Connector("one", "http://one.example"), "ada", null, Stop);
        Assert.Empty(await _service.RefreshAsync(Stop));
        Assert.NotNull(_catalogue.FindPlan("outer"));
    }

    [Fact]
    public async Task Refresh_AfterAFlowIsDeleted_ForgetsIt_ButRunsFindTheirVersion()
    {
        await Storage.Flows.DeleteAsync("second", TestStorage.Note, Stop);
        await _service.RefreshAsync(Stop);

        Assert.Null(_catalogue.FindPlan("second"));
        Assert.Equal(1, (await _catalogue.PlanAsync("second", 1, Stop))!.Version);
    }

    /// <summary>What was published before paths were checked goes on, in new runs and in those
    /// that wait, on whatever version; it is told of, and only not published again.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Refresh_AVersionWithPathsThatNothingWrites_GoesOn(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var catalogue = new FlowCatalogue(test.Storage.Flows, _connectors, FlowEngineHost.ActivitiesOf(), ComponentCatalog.BuiltIn);
        using var service = new CatalogueService(
            test.Storage,
            _connectors,
            catalogue,
            null,
            new Dictionary<string, string>(),
            "connectors"
        );
        const string Old = """
            { "id": "old", "start": "ask", "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
              { "id": "done", "type": "End", "outputs": { "a": "{{form.a}}", "b": "{{form.b}}" } } ],
              "connections": [ { "source": "ask", "port": "go", "target": "done" } ],
              "screens": [ { "id": "ask", "components": [ { "type": "Text", "text": "{{scripts.nothing}}" },
                { "type": "TextInput", "name": "a" }, { "type": "Button", "id": "go" } ] } ] }
            """;
        await PublishAsync(Old);
        var problems = await service.RefreshAsync(Stop);
        Assert.Equal(
            [("path.unknown", Severity.Warning), ("path.unknown", Severity.Warning)],
            problems.Select(problem => (problem.Code, problem.Severity))
        );

        // A run that waits while the flow is put right, and goes on at another node or after a restart.
        var run = FlowEngine.Execution.FlowRun.Start(catalogue.FindPlan("old")!, new(), new());
        await FlowEngine.Execution.FlowExecutor.AdvanceAsync(run, Stop);
        var state = FlowEngine.Execution.RunState.Save(run);
        await PublishAsync(
            Old.Replace("{{form.b}}", "", StringComparison.Ordinal).Replace("{{scripts.nothing}}", "Hello", StringComparison.Ordinal)
        );
        Assert.Empty(await service.RefreshAsync(Stop));
        var other = new FlowCatalogue(test.Storage.Flows, _connectors, FlowEngineHost.ActivitiesOf(), ComponentCatalog.BuiltIn);
        var again = await other.LoadAsync(state, _ => new(), Stop);
        var form = FlowValue.Parse("""{ "a": "x" }""");
        Assert.Null(await FlowEngine.Execution.FlowExecutor.SubmitAsync(again, new("go", form), Stop));
        Assert.Equal("""{"a":"x"}""", again.Outputs.ToJson());
        Assert.Equal(1, (await other.PlanAsync("old", 1, Stop))!.Version);

        // As a draft, and so to be published, it is refused.
        Assert.Null(
            catalogue
                .Compile(FlowEngine.Model.FlowReader.Read(FlowValue.Parse(Old), null, new DiagnosticBag())!, cancellationToken: Stop)
                .Plan
        );

        async Task PublishAsync(string definition) =>
            Assert.NotNull(
                await test.Storage.Flows.PublishAsync(
                    new FlowPublication
                    {
                        FlowId = "old",
                        Definition = FlowValue.Parse(definition).ToJson(),
                        Author = "ada",
                        Tells = null,
                    },
                    Stop
                )
            );
    }

    [Fact]
    public async Task Refresh_EachConnector_IsRelocated()
    {
        Assert.Contains(
            "http://127.0.0.1:9/one",
            FlowValue.From(_connectors.Find("one", out _)!.Definition.Json).ToJson(),
            StringComparison.Ordinal
        );
        var stored = (await Storage.Connectors.FindAsync("one", Stop))!;

        await Storage.Connectors.SaveAsync("one", Connector("one", "http://one.example/later"), stored.Revision, "ada", null, Stop);
        await _service.RefreshAsync(Stop);

        Assert.Contains(
            "http://127.0.0.1:9/one/later",
            FlowValue.From(_connectors.Find("one", out _)!.Definition.Json).ToJson(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refresh_ByManyAtOnce_SeesEveryPublication()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        await PublishAsync($"many{i}", Calls($"many{i}", "one"));
                        await _service.RefreshAsync(Stop);
                        Assert.NotNull(_catalogue.FindPlan($"many{i}"));
                    })
                )
        );

        Assert.Equal(15, _catalogue.Published.Count());
    }

    [Fact]
    public async Task Import_AFileThatDidNotChange_LeavesAloneWhatWasPublishedSince()
    {
        var folder = Path.Combine(_test.Folder, "flows");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "first.flow.json");
        await File.WriteAllTextAsync(file, Calls("first", "one"), Stop);
        await ImportAsync(folder);

        await PublishAsync("first", Calls("first", "two"));
        await ImportAsync(folder);
        Assert.Equal(2, _catalogue.FindPlan("first")!.Version);

        await File.WriteAllTextAsync(file, Calls("first", "one").Replace("/x", "/y", StringComparison.Ordinal), Stop);
        await ImportAsync(folder);
        Assert.Equal(3, _catalogue.FindPlan("first")!.Version);
    }

    private async Task ImportAsync(string folder)
    {
        var import = new FolderImport(Storage, _connectors);
        await import.FlowsAsync(folder, _catalogue, Stop);
        Assert.Empty(import.Problems.Items);
        await _service.RefreshAsync(Stop);
    }

    private Dictionary<string, FlowEngine.Execution.FlowPlan?> Plans() =>
        _catalogue.Published.ToDictionary(flow => flow.Definition.Id, flow => flow.Plan);

    private async Task PublishAsync(string id, string definition) =>
        Assert.NotNull(
            await Storage.Flows.PublishAsync(
                new FlowPublication
                {
                    FlowId = id,
                    Definition = FlowValue.Parse(definition).ToJson(),
                    Author = "ada",
                    Tells = null,
                },
                Stop
            )
        );

    private static string Calls(string id, string connector) =>
        $$"""
            { "id": "{{id}}", "start": "call",
              "activities": [ { "id": "call", "type": "GenericHttp", "connector": "{{connector}}", "endpoint": "/x" },
              { "id": "done", "type": "End" } ],
              "connections": [ { "source": "call", "port": "Success", "target": "done" } ] }
            """;

    private static FlowObject Connector(string id, string url) =>
        FlowValue.Parse($$"""{ "id": "{{id}}", "type": "http", "configuration": { "baseUrl": "{{url}}" } }""").TryGetObject(out var obj)
            ? obj
            : throw new InvalidOperationException();

    private static FlowValue Relocate(FlowValue json) =>
        FlowValue.Parse(json.ToJson().Replace("http://one.example", "http://127.0.0.1:9/one", StringComparison.Ordinal));
}
