using Elsa.Common.Entities;
using Elsa.Common.Models;
using Elsa.Workflows;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Entities;
using Elsa.Workflows.Runtime.Filters;
using Elsa.Workflows.Runtime.Messages;
using Elsa.Workflows.Runtime.OrderDefinitions;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>An instance of a workflow in a host, as the program sees it that runs Elsa.</summary>
internal sealed class ElsaRun(ElsaHost host, string id, RunWorkflowInstanceResponse last)
{
    private RunWorkflowInstanceResponse _last = last;

    public string Id => id;

    public WorkflowSubStatus SubStatus => _last.SubStatus;

    /// <summary>What it gave last.</summary>
    public FlowValue Output { get; private set; } = HostedValue.Of(last.Output);

    /// <summary>What went wrong, as Elsa tells it.</summary>
    public IReadOnlyList<string> Incidents => [.. _last.Incidents.Select(incident => incident.Exception?.Message ?? incident.Message)];

    public string Screen => Output.Get("screen").Get("id").ToText();

    public bool Waits => _last.Bookmarks.Count > 0;

    public async Task SubmitAsync(string interaction, FlowValue form)
    {
        Assert.True(Waits, $"{SubStatus}: {Output.ToJson()} {string.Join('\n', Incidents)}");
        var bookmark = Assert.Single(_last.Bookmarks);
        _last = await host.ResumeAsync(
            id,
            bookmark.Id,
            new Dictionary<string, object> { ["interaction"] = interaction, ["form"] = HostedValue.ToObject(form)! }
        );
        Output = HostedValue.Of(_last.Output);
    }

    public Task<string> SaveAsync() => host.SaveStateAsync(id);

    /// <summary>The activities of the workflow in the order in which Elsa's journal says that they were started.</summary>
    public async Task<IReadOnlyList<string>> PathAsync() =>
        [.. (await LogAsync()).Where(record => record.EventName == "Started").Select(record => record.ActivityId)];

    public async Task<IReadOnlyList<WorkflowExecutionLogRecord>> LogAsync()
    {
        var store = host.Services.GetRequiredService<IWorkflowExecutionLogStore>();
        var records = await store.FindManyAsync(
            new WorkflowExecutionLogRecordFilter { WorkflowInstanceId = id },
            PageArgs.All,
            new WorkflowExecutionLogRecordOrder<long>(record => record.Sequence, OrderDirection.Ascending),
            TestContext.Current.CancellationToken
        );
        return [.. records.Items];
    }

    public async Task<IReadOnlyList<ActivityExecutionRecord>> ExecutionsAsync()
    {
        var store = host.Services.GetRequiredService<IActivityExecutionStore>();
        var filter = new ActivityExecutionRecordFilter { WorkflowInstanceId = id };
        return [.. await store.FindManyAsync(filter, TestContext.Current.CancellationToken)];
    }
}
