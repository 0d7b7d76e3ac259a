using System.Reflection;
using FlowEngine.AspNetCore;
using FlowEngine.Database;
using FlowEngine.ElsaFormat;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.Server.Cli;
using FlowEngine.Storage;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>The floors of each assembly, as decision 22 draws them: an arrow goes from the right to the left only. See <see cref="Floors"/>
/// for how to read them.</summary>
public sealed class FloorTests
{
    private static readonly (Assembly Assembly, string Root, string Map)[] Assemblies =
    [
        (
            typeof(FlowExecutor).Assembly,
            "FlowEngine",
            """
            Json + Context + Errors
            < Model, Workers, Extensions, Settings.Suggestion < Identity < Templates < Settings
            < Connectors, Scripting, Attempts < Conditions < Screens < Tracing
            < Execution + Activities.FlowActivity + Activities.FlowExit + Activities.ShownScreen
            < Activities < Compilation < Screens.ScreenView < Testing, Diff, Schema
            """
        ),
        (typeof(ElsaReader).Assembly, "FlowEngine.ElsaFormat", "."),
        (
            typeof(HttpModule).Assembly,
            "FlowEngine.HttpConnector",
            """
            HttpErrors + HttpFault + HttpFaultCodes < Wire.Egress < Wire < Signing < Authentication < Connectors + HttpModuleOptions
            < . + Requests < Testing < HttpModule
            """
        ),
        (
            typeof(DatabaseModule).Assembly,
            "FlowEngine.Database",
            """
            DatabaseErrors + DatabaseRefusal < Files, Network < Results + Queries + Engines + DatabaseModuleOptions + Connectors < .
            """
        ),
        (
            typeof(ServerStorage).Assembly,
            "FlowEngine.Storage",
            """
            StorageErrors + StorageException + StorageSetup + StorageOptions + TraceOptions + RunOptions + CallOptions + CountOptions
              + StorageRoom + UnixTime < Protection
            < Engines + RunWriter + RunSave + CallSave + RunFacts + RunRecord + RunColumns + RunColumn + RunColumn`1 + RunChange + RunExtras
              + RefreshFamily + NewCode + AuditAction + AuditNote
            < Engines.Postgres, Engines.Sqlite < .
            """
        ),
        (
            typeof(FlowEngineOptions).Assembly,
            "FlowEngine.AspNetCore",
            """
            Engine < Flows < Tokens < Runs < Web.Edge < Web.Screens < Web.Runtime, Web.Management, Web.Console
            < Web.Contract < Hosting + FlowEngineOptions
            """
        ),
        (typeof(CliCommand).Assembly, "FlowEngine.Server", "Demo < Hosting < Cli"),
    ];

    public static TheoryData<string> Names => [.. Assemblies.Select(assembly => assembly.Root)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_NameOnlyWhatStandsBelow(string name)
    {
        var (assembly, root, map) = Assemblies.Single(known => known.Root == name);
        var floors = new Floors(root, map);
        var references = TypeReferences.Read(assembly.Location);

        var violations = floors.Violations(references);
        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
        Assert.Empty(floors.Empty(references.Keys));
    }

    /// <summary>The map that people read first draws them in the order that holds.</summary>
    [Fact]
    public void Architecture_DrawsTheFloorsOfTheHttpConnector()
    {
        const string Project = "src/Activities.HttpConnector ";
        var drawn = File.ReadLines(Path.Combine(Repository.Root, "docs/architecture.md"))
            .Single(line => line.StartsWith(Project, StringComparison.Ordinal))[Project.Length..];
        var floors = Assemblies
            .Single(assembly => assembly.Root == "FlowEngine.HttpConnector")
            .Map.Split('<')
            .Select(floor => floor.Split(['+', ','], StringSplitOptions.TrimEntries))
            .ToList();

        var order = drawn
            .Split('<')
            .Select(floor => floor.Split(',', StringSplitOptions.TrimEntries).Select(FloorOf).Distinct().ToList())
            .ToList();

        // What stands side by side is on one floor, and each is above the one before.
        Assert.All(order, floor => Assert.Single(floor));
        Assert.Equal(order.Select(floor => floor[0]).Distinct().Order(), order.Select(floor => floor[0]));
        Assert.Equal(6, order.Count);

        // A type of the root has no name there: "." is all of it.
        int FloorOf(string name) =>
            floors.FindIndex(floor => floor.Contains(name)) is >= 0 and var known ? known : floors.FindIndex(floor => floor.Contains("."));
    }

    /// <summary>Each way in which a type can name another; <see cref="Upper"/> is what no floor below may.</summary>
    [Theory]
    [InlineData(typeof(Lower.Derived))]
    [InlineData(typeof(Lower.Implements))]
    [InlineData(typeof(Lower.Field))]
    [InlineData(typeof(Lower.Argument))]
    [InlineData(typeof(Lower.Result))]
    [InlineData(typeof(Lower.Calls))]
    [InlineData(typeof(Lower.Makes))]
    [InlineData(typeof(Lower.Catches))]
    [InlineData(typeof(Lower.Constraint<>))]
    [InlineData(typeof(Lower.Marked))]
    [InlineData(typeof(Lower.Lists))]
    [InlineData(typeof(Lower.InALambda))]
    [InlineData(typeof(Lower.Awaits))]
    public void References_AreFoundWhereverTheyStand(Type type)
    {
        var references = TypeReferences.Read(type.Assembly.Location);
        var name = $"{type.Namespace}.{type.Name}";

        Assert.Contains(
            references[name],
            other => other.StartsWith("FlowEngine.Server.Tests.Architecture.Upper.", StringComparison.Ordinal)
        );
        Assert.Contains(
            new Floors("FlowEngine.Server.Tests.Architecture", "Lower < Upper < .").Violations(references),
            violation => violation.StartsWith(name + " →", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Map_SideBySide_MayNotNameEachOther()
    {
        var references = new Dictionary<string, IReadOnlySet<string>>
        {
            ["A.One.X"] = new HashSet<string> { "A.Two.Y", "A.Base.Z", "B.Other" },
            ["A.Two.Y"] = new HashSet<string>(),
            ["A.Base.Z"] = new HashSet<string>(),
            ["A.Nowhere.N"] = new HashSet<string>(),
        };

        Assert.Equal(["A.Nowhere.N has no place", "A.One.X → A.Two.Y"], new Floors("A", "Base < One, Two").Violations(references));
        Assert.Equal(["A.Nowhere.N has no place"], new Floors("A", "Base < One + Two").Violations(references));
        Assert.Equal(["A.Nowhere.N has no place", "A.One.X → A.Base.Z"], new Floors("A", "Two < One < Base").Violations(references));
        Assert.Equal(["A.Gone"], new Floors("A", "Base + Gone < One + Two + Nowhere").Empty(references.Keys));
    }
}
