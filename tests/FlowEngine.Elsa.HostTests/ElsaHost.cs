using Elsa.Common.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Activities.Flowchart.Options;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Mappers;
using Elsa.Workflows.Management.Models;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Filters;
using Elsa.Workflows.Runtime.Messages;
using Elsa.Workflows.State;
using FlowEngine.HttpConnector;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>A program with an Elsa in it that has our activities: its runtime, its stores (in memory) and its HTTP activities, on a port of
/// its own.</summary>
internal sealed class ElsaHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ElsaHost(WebApplication app) => _app = app;

    /// <summary>Starts a host.</summary>
    /// <param name="configure">What our activities have; null for the samples of this repository.</param>
    /// <param name="keys">The folder with the keys of Data Protection, which hosts share; null for keys of its own.</param>
    /// <param name="mode">How Elsa's flowcharts decide what follows; null for its default.</param>
    public static async Task<ElsaHost> StartAsync(
        Action<FlowEngineActivitiesOptions>? configure = null,
        string? keys = null,
        FlowchartExecutionMode? mode = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var protection = builder.Services.AddDataProtection().SetApplicationName("host");
        if (keys is null)
            protection.UseEphemeralDataProtectionProvider();
        else
            protection.PersistKeysToFileSystem(new DirectoryInfo(keys));
        builder.Services.AddElsa(elsa =>
            elsa.UseJavaScript()
                .UseHttp(http => http.ConfigureHttpOptions = options => options.BasePath = "/workflows")
                .AddFlowEngineActivities(options =>
                {
                    options.Http = new HttpModuleOptions { Egress = new() { AllowPrivateNetworks = true } };
                    (configure ?? Samples)(options);
                })
        );
        if (mode is not null)
            builder.Services.Configure<FlowchartOptions>(options => options.DefaultExecutionMode = mode.Value);
        var app = builder.Build();
        app.UseWorkflows();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ElsaHost(app);
    }

    public HostedEngine Engine => _app.Services.GetRequiredService<HostedEngine>();

    public IServiceProvider Services => _app.Services;

    /// <summary>Where its workflows answer.</summary>
    public Uri Url => new(_app.Urls.First() + "/workflows/");

    /// <summary>Imports a definition file and publishes it, as Elsa's own import does.</summary>
    public async Task<WorkflowDefinition> ImportAsync(string json)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<IApiSerializer>().Deserialize<WorkflowDefinitionModel>(json);
        var result = await scope
            .ServiceProvider.GetRequiredService<IWorkflowDefinitionImporter>()
            .ImportAsync(new SaveWorkflowDefinitionRequest { Model = model, Publish = true }, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, string.Join('\n', result.ValidationErrors.Select(error => error.Message)));
        return result.WorkflowDefinition;
    }

    /// <summary>The file of a definition, as Elsa's own export writes it.</summary>
    public async Task<string> ExportAsync(WorkflowDefinition definition)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var mapper = scope.ServiceProvider.GetRequiredService<WorkflowDefinitionMapper>();
        var model = await mapper.MapAsync(definition, TestContext.Current.CancellationToken);
        return scope.ServiceProvider.GetRequiredService<IApiSerializer>().Serialize(model);
    }

    /// <summary>Starts an instance of a published definition.</summary>
    public async Task<ElsaRun> StartAsync(string definitionId, IDictionary<string, object>? input = null)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var client = await scope.ServiceProvider.GetRequiredService<IWorkflowRuntime>().CreateClientAsync(default);
        var response = await client.CreateAndRunInstanceAsync(
            new CreateAndRunWorkflowInstanceRequest
            {
                WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId(definitionId, VersionOptions.Published),
                Input = input,
                IncludeWorkflowOutput = true,
            },
            TestContext.Current.CancellationToken
        );
        return new ElsaRun(this, client.WorkflowInstanceId, response);
    }

    /// <summary>Goes on with an instance that waits at a screen.</summary>
    public async Task<RunWorkflowInstanceResponse> ResumeAsync(string instanceId, string bookmarkId, IDictionary<string, object> input)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var runtime = scope.ServiceProvider.GetRequiredService<IWorkflowRuntime>();
        var client = await runtime.CreateClientAsync(instanceId, TestContext.Current.CancellationToken);
        return await client.RunInstanceAsync(
            new RunWorkflowInstanceRequest
            {
                BookmarkId = bookmarkId,
                Input = input,
                IncludeWorkflowOutput = true,
            },
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>The state of an instance as text, as Elsa stores it.</summary>
    public async Task<string> SaveStateAsync(string instanceId)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var runtime = scope.ServiceProvider.GetRequiredService<IWorkflowRuntime>();
        var client = await runtime.CreateClientAsync(instanceId, TestContext.Current.CancellationToken);
        var state = await client.ExportStateAsync(TestContext.Current.CancellationToken);
        return scope.ServiceProvider.GetRequiredService<IWorkflowStateSerializer>().Serialize(state);
    }

    /// <summary>Takes over an instance that another host saved.</summary>
    public async Task<ElsaRun> LoadStateAsync(string text)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        WorkflowState state = scope.ServiceProvider.GetRequiredService<IWorkflowStateSerializer>().Deserialize(text);
        var runtime = scope.ServiceProvider.GetRequiredService<IWorkflowRuntime>();
        var client = await runtime.CreateClientAsync(state.Id, TestContext.Current.CancellationToken);
        await client.ImportStateAsync(state, TestContext.Current.CancellationToken);
        return new ElsaRun(
            this,
            state.Id,
            new RunWorkflowInstanceResponse
            {
                Status = state.Status,
                SubStatus = state.SubStatus,
                Bookmarks = state.Bookmarks,
                Output = state.Output,
            }
        );
    }

    /// <summary>All that its stores keep of runs, as text: instances, the journal, the executions of activities, bookmarks.</summary>
    public async Task<string> KeptAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var cancellation = TestContext.Current.CancellationToken;
        var all = new object[]
        {
            (
                await services.GetRequiredService<IWorkflowInstanceStore>().FindManyAsync(new WorkflowInstanceFilter(), cancellation)
            ).ToList(),
            (
                await services
                    .GetRequiredService<IWorkflowExecutionLogStore>()
                    .FindManyAsync(new WorkflowExecutionLogRecordFilter(), PageArgs.All, cancellation)
            ).Items.ToList(),
            (
                await services
                    .GetRequiredService<IActivityExecutionStore>()
                    .FindManyAsync(new ActivityExecutionRecordFilter(), cancellation)
            ).ToList(),
            (await services.GetRequiredService<IBookmarkStore>().FindManyAsync(new BookmarkFilter(), cancellation)).ToList(),
        };
        var serializer = services.GetRequiredService<IPayloadSerializer>();
        return string.Join('\n', all.Select(serializer.Serialize));
    }

    /// <summary>What went wrong in any instance.</summary>
    public async Task<string> IncidentsAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var instances = await scope
            .ServiceProvider.GetRequiredService<IWorkflowInstanceStore>()
            .FindManyAsync(new WorkflowInstanceFilter(), TestContext.Current.CancellationToken);
        return string.Join(
            '\n',
            instances
                .SelectMany(instance => instance.WorkflowState.Incidents)
                .Select(incident => $"{incident.ActivityId}: {incident.Message}")
        );
    }

    private static void Samples(FlowEngineActivitiesOptions options) =>
        options.AddConnectors(Path.Combine(Tests.TestEngine.Flows, "connectors")).AddFlows(Tests.TestEngine.Flows);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
