using FlowEngine.Compilation;
using FlowEngine.Database;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.HttpConnector;
using FlowEngine.Model;
using FlowEngine.Tests;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace FlowEngine.ElsaActivities.Tests;

/// <summary>The engine of an Elsa with the connectors and flows of this repository's samples.</summary>
internal static class TestEngine
{
    public static string Flows { get; } = Path.Combine(Repository.Root, "flows");

    public static HostedEngine Open(Action<FlowEngineActivitiesOptions>? configure = null)
    {
        var options = new FlowEngineActivitiesOptions
        {
            Http = new HttpModuleOptions { Egress = new() { AllowPrivateNetworks = true } },
            Databases = new DatabaseModuleOptions(),
        }
            .AddConnectors(Path.Combine(Flows, "connectors"))
            .AddFlows(Flows);
        configure?.Invoke(options);
        return new HostedEngine(Options.Create(options), new EphemeralDataProtectionProvider());
    }

    public static FlowDefinition Read(string flowFile)
    {
        var problems = new DiagnosticBag();
        var flow = FlowFile.Load(flowFile, problems);
        Assert.True(flow is not null && !problems.HasErrors, string.Join('\n', problems.Items));
        return flow;
    }
}
