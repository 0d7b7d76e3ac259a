using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.Model;

namespace FlowEngine.Bench;

/// <summary>Compiles the sample flows.</summary>
internal static class Flows
{
    public static FlowPlan Compile(string name)
    {
        var folder = Path.Combine(Root(), "flows");
        var problems = new DiagnosticBag();
        var connectors = new ConnectorSet([
            .. HttpModule.ConnectorTypes(new HttpModuleOptions()),
            .. DatabaseModule.ConnectorTypes(new DatabaseModuleOptions { Egress = new() { AllowPrivateNetworks = true } }),
        ]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "connectors"), "*.connector.json"))
            connectors.Set(
                ConnectorDefinition.Read(JsonFile.Read(file, problems), file, problems)! with
                {
                    Origin = ConnectorOrigin.Operator,
                }
            );
        var environment = new CompilationEnvironment
        {
            Activities = new ActivityCatalog([.. HttpModule.ActivityTypes, .. DatabaseModule.ActivityTypes]),
            Connectors = connectors,
        };
        return Compile(JsonFile.Read(Path.Combine(folder, name), problems), environment);
    }

    public static FlowPlan Compile(FlowValue json, CompilationEnvironment environment)
    {
        var result = FlowCompiler.Compile(json, environment);
        return result.Plan ?? throw new InvalidOperationException(string.Join(Environment.NewLine, result.Diagnostics));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FlowEngine.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run the benchmarks inside the repository.");
        return folder;
    }
}
