using FlowEngine.Context;
using FlowEngine.ElsaActivities.Tests;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>Definitions that Elsa reads and saves with its own serializer: our flows are in them as before.</summary>
public sealed class DefinitionTests(DefinitionTests.Fixture fixture) : IClassFixture<DefinitionTests.Fixture>
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(TestEngine.Flows, "*.flow.json").Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Recordings =>
        [.. Directory.GetFiles(Recorded("hosted"), "*.json").Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file))];

    [Fact]
    public void Samples_AreAll() => Assert.True(Samples.Count >= 11 && Recordings.Count == 9);

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task ExportedFlow_SavedByElsa_IsTheSame(string file)
    {
        var flow = TestEngine.Read(Path.Combine(TestEngine.Flows, file));
        var saved = await fixture.SaveAsync(ElsaWriter.Write(flow, 1).ToJson());
        Assert.Equal(FlowValue.From(flow.Json), Read(saved));
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task WhatElsaSaved_SavedByElsaAgain_IsTheSame(string file)
    {
        var recorded = await File.ReadAllTextAsync(Path.Combine(Recorded("hosted"), file), TestContext.Current.CancellationToken);
        var saved = await fixture.SaveAsync(recorded);
        Assert.Equal(Read(recorded), Read(saved));
    }

    private static string Recorded(string kind) => Path.Combine(AppContext.BaseDirectory, "recordings", kind);

    private static FlowValue Read(string json)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(json), null, problems);
        Assert.True(flow is not null && problems.Items.Count == 0, string.Join('\n', problems.Items));
        return FlowValue.From(flow.Json);
    }

    /// <summary>One host for all.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private ElsaHost _host = null!;

        public async ValueTask InitializeAsync() => _host = await ElsaHost.StartAsync();

        public async Task<string> SaveAsync(string json) => await _host.ExportAsync(await _host.ImportAsync(json));

        public ValueTask DisposeAsync() => _host.DisposeAsync();
    }
}
