using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using static System.StringComparison;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>Our sample flows as an Elsa 3.7.1 saved them, without our types (unhosted) and with them (hosted).</summary>
public sealed class ElsaReaderRecordingsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "recordings");

    public static TheoryData<string, string> Files =>
        [
            .. from kind in new[] { "unhosted", "hosted" }
            from file in Directory.EnumerateFiles(Path.Combine(Folder, kind)).Order(StringComparer.Ordinal)
            select (kind, Path.GetFileName(file)[..^".elsa.json".Length]),
        ];

    [Fact]
    public void Files_AreNineOfEach() => Assert.Equal(18, Files.Count);

    /// <summary>The flows of <c>exported</c> are the samples as they were on that day.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Read_SavedByElsa_IsTheFlowThatWasExported(string kind, string name)
    {
        var (flow, problems) = Read(Recording(kind, name));
        Assert.Empty(problems);
        Assert.Equal(FlowValue.Parse(File.ReadAllText(Path.Combine(Folder, "exported", name + ".flow.json"))), FlowValue.From(flow.Json));
    }

    [Fact]
    public void Read_WrapperThatWasMovedInTheDesigner_TakesItsPosition()
    {
        var (flow, problems) = Read(
            Recording("unhosted", "account")
                .Replace("\"designer\":{\"position\":{\"x\":220,\"y\":0}}", "\"designer\":{\"position\":{\"x\":7,\"y\":8}}", Ordinal)
        );
        Assert.Empty(problems);
        Assert.Equal("""{"lookup":{"x":7,"y":8}}""", flow.Json.Get("designer").ToJson());
    }

    [Fact]
    public void Read_MovedConnections_AreReadBesideTheOthersWithTheirNotes()
    {
        var flow = FlowReader.Read(
            FlowValue.Parse(
                """
                { "id": "f", "start": "a", "activities": [ { "id": "a", "type": "Restart" }, { "id": "b", "type": "End" } ],
                  "connections": [ { "source": "a", "port": "x", "target": "a" },
                  { "source": "a", "port": "y", "target": "b", "message": "Wait." } ] }
                """
            ),
            null,
            new DiagnosticBag()
        )!;
        var written = ElsaWriter.Write(flow, 1).ToJson();
        const string Moved = """{"source":{"activity":"a","port":"y"},"target":{"activity":"b"},"vertices":[]}""";
        const string Stays = """{"source":{"activity":"a","port":"x"},"target":{"activity":"a"},"vertices":[]}""";
        var saved = written.Replace($"\"connections\":[{Stays},{Moved}]", $"\"connections\":[{Stays}]", Ordinal);
        saved = saved.Replace(
            "\"customProperties\":{},\"metadata\":{},\"activities\"",
            "\"customProperties\":{\"notFoundConnections\":[" + Moved + "]},\"metadata\":{},\"activities\"",
            Ordinal
        );
        Assert.Contains("notFoundConnections", saved, Ordinal);

        var (back, problems) = Read(saved);
        Assert.Empty(problems);
        Assert.Equal(flow.Json.Get("connections"), back.Json.Get("connections"));
    }

    [Theory]
    [InlineData("\"not JSON\"")]
    [InlineData("\"[]\"")]
    [InlineData("null")]
    public void Read_WrapperThatCannotBeOpened_IsReportedAndKept(string original)
    {
        var (flow, problems) = Read(
            $$"""
            { "definitionId": "f", "root": { "type": "Elsa.Flowchart", "activities": [ { "id": "a", "type": "Elsa.NotFoundActivity",
              "originalActivityJson": {{original}} } ], "connections": [] } }
            """
        );
        Assert.Equal("elsa.unsupported_activity /root/activities/0", $"{problems[0].Code} {problems[0].Pointer}");
        Assert.Equal("a", flow.Activities[0].Json.Get("elsa").Get("id").ToText());
    }

    [Fact]
    public void Read_WrappedActivityOfAnotherType_IsReportedByItsOwnType()
    {
        var (flow, problems) = Read(
            """
            { "definitionId": "f", "root": { "type": "Elsa.Flowchart", "activities": [ { "id": "a", "type": "Elsa.NotFoundActivity",
              "originalActivityJson": "{\"id\":\"a\",\"type\":\"Acme.Print\",\"text\":1}" } ], "connections": [] } }
            """
        );
        Assert.Equal("elsa.unsupported_activity /root/activities/0", $"{problems[0].Code} {problems[0].Pointer}");
        Assert.Contains("'Acme.Print'", problems[0].Message, Ordinal);
        Assert.Equal("1", flow.Activities[0].Json.Get("elsa").Get("text").ToText());
    }

    /// <summary>Each value of a recording in turn replaced by what does not belong there: problems, but no exception.</summary>
    [Theory]
    [InlineData("unhosted", "password")]
    [InlineData("hosted", "quote")]
    public void Read_RecordingThatIsBroken_DoesNotThrow(string kind, string name)
    {
        var whole = FlowValue.Parse(Recording(kind, name));
        foreach (
            var value in new[]
            {
                FlowValue.Null,
                FlowValue.From("x"),
                FlowValue.From(FlowArray.Of(FlowValue.From(1))),
                FlowValue.From("{}"),
            }
        )
        {
            for (var place = 0; Replace(whole, place, value) is { } broken; place++)
                ElsaReader.Read(broken, null, new DiagnosticBag());
        }
    }

    private static FlowValue? Replace(FlowValue whole, int place, FlowValue by)
    {
        var result = Replaced(whole);
        return place < 0 ? result : null;

        FlowValue Replaced(FlowValue value)
        {
            if (place-- == 0)
                return by;
            if (value.TryGetArray(out var array))
                return FlowValue.Array([.. array.Select(Replaced)]);
            if (!value.TryGetObject(out var members))
                return value;
            var builder = new FlowObjectBuilder();
            foreach (var (key, member) in members)
                builder.Set(key, Replaced(member));
            return FlowValue.From(builder.Build());
        }
    }

    private static string Recording(string kind, string name) => File.ReadAllText(Path.Combine(Folder, kind, name + ".elsa.json"));

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string json)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(json), null, problems);
        return (flow!, problems.Items);
    }
}
