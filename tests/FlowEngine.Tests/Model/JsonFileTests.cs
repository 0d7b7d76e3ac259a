using System.Diagnostics;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;

namespace FlowEngine.Tests.Model;

public sealed class JsonFileTests
{
    [Theory]
    [InlineData("{\n  \"a\": [1, 2,\n    x] }", "/a/2", "line 3, column 5")]
    [InlineData("{\n  \"a\": [1, {\"b\": tru} ] }", "/a/1/b", "line 2, column 21")]
    [InlineData("{ \"a\": 1, b: 2 }", "", "line 1, column 11")]
    [InlineData("{ \"a\": { \"c\": 1 \"d\": 2 } }", "/a/c", "line 1, column 17")]
    [InlineData("{ \"a/b\": { \"~\": } }", "/a~1b/~0", "line 1, column 17")]
    [InlineData("{ \"ключ\": [ \"🙂\", ] }", "/ключ/1", "line 1, column 19")]
    [InlineData("[1, 2", "/1", "line 1, column 6")]
    [InlineData("{ \"a\": 1 } trailing", "", "line 1, column 12")]
    [InlineData("{ \"a\": 1 }\n{ }", "", "line 2, column 1")]
    [InlineData("{ \"a\": \"half \\ud800 pair\" }", "/a", "line 1, column 8")]
    [InlineData("{ \"half \\udc00\": 1 }", "", "line 1, column 3")]
    [InlineData("{ \"a\": 01 }", "/a", "line 1")]
    [InlineData("{ // no comments\n }", "", "line 1, column 3")]
    [InlineData("\uFEFF{ \"a\": nul }", "/a", "line 1, column")]
    [InlineData("nonsense", "", "line 1, column")]
    public void Parse_BrokenFile_SaysWhere(string text, string pointer, string position)
    {
        var problem = Assert.Single(Problems(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(("flow.json", pointer), (problem.Code, problem.Pointer));
        Assert.Contains(position, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem.Message, StringComparison.Ordinal);
        Assert.True(value.IsMissing);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    public void Parse_EmptyFile_SaysSo(string text) =>
        Assert.Contains("empty", Assert.Single(Problems(Encoding.UTF8.GetBytes(text), out _)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Picture_IsSaidToBeNoText() =>
        Assert.Contains(
            "no text",
            Assert.Single(Problems([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D], out _)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_NameTwice_IsAnErrorAndTheRestIsStillRead()
    {
        var problems = Problems("""{ "a": [ { "x": 1, "y": 2, "x": 3 } ], "b": {}, "a": 5, "A": 6 }"""u8, out var value);
        Assert.Equal(
            ["flow.duplicate_key /a/0/x", "flow.duplicate_key /a"],
            problems.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
        Assert.Contains("line 1, column 28", problems[0].Message, StringComparison.Ordinal);
        Assert.All(problems, problem => Assert.Equal(Severity.Error, problem.Severity));
        Assert.Equal(FlowValue.From(5), value.Get("a"));
    }

    [Fact]
    public void Parse_NameTwiceBehindAnEscape_IsAnError() =>
        Assert.Equal("/a", Assert.Single(Problems("""{ "a": 1, "\u0061": 2 }"""u8, out _)).Pointer);

    [Fact]
    public void Parse_SameNameInDifferentObjects_IsFine() =>
        Assert.Empty(Problems("""[ { "a": { "a": 1 } }, { "a": [ { "a": 1 }, { "a": 2 } ] } ]"""u8, out _));

    [Fact]
    public void Parse_InvalidUtf8_SaysWhere()
    {
        var problem = Assert.Single(Problems([.. "{ \"a\": [ \""u8, 0xC3, 0x28, .. "\" ] }"u8], out var value));
        Assert.Equal(("flow.json", "/a/0"), (problem.Code, problem.Pointer));
        Assert.Contains("UTF-8 at line 1, column 11", problem.Message, StringComparison.Ordinal);
        Assert.True(value.IsMissing);
    }

    [Fact]
    public void Parse_InvalidUtf8InAName_SaysWhere() =>
        Assert.Contains(
            "UTF-8 at line 1, column 4",
            Assert.Single(Problems([.. "{ \""u8, 0xFF, .. "\": 1 }"u8], out _)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_Utf16_SaysSo() =>
        Assert.Contains(
            "UTF-16",
            Assert.Single(Problems([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")], out _)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(JsonReading.MaxDepth, true)]
    [InlineData(JsonReading.MaxDepth + 1, false)]
    [InlineData(1_000_000, false)]
    public void Parse_DeepNesting_IsRefusedBeyondTheLimit(int depth, bool isFine)
    {
        var problems = Problems(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), out _);
        if (isFine)
        {
            Assert.Empty(problems);
            return;
        }
        Assert.Contains($"more than {JsonReading.MaxDepth} deep", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooLarge_IsRefused() =>
        Assert.Equal("flow.too_large", Assert.Single(Problems(new byte[JsonFile.MaxBytes + 1], out _)).Code);

    [Fact]
    public void Parse_FilesMadeToTakeLong_EndSoon()
    {
        var watch = Stopwatch.StartNew();
        var many = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"m{i}\":0"));
        Assert.Empty(
            Problems(
                Encoding.UTF8.GetBytes($$"""{ "o": {{{many}}}, "l": [ {{string.Join(',', Enumerable.Repeat("{\"a\":1}", 400_000))}} ] }"""),
                out _
            )
        );
        Assert.Equal(
            100,
            Problems(Encoding.UTF8.GetBytes($$"""{ {{string.Join(',', Enumerable.Repeat("\"a\":1", 500_000))}} }"""), out _).Count
        );
        Assert.Empty(Problems(Encoding.UTF8.GetBytes($"[ {new string('1', 1_000_000)} ]"), out _));

        // A generous bound: it fails only where something grows with the square of the size.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        var problems = new DiagnosticBag();
        Assert.True(JsonFile.Read(Path.Combine(AppContext.BaseDirectory, "none.json"), problems).IsMissing);
        Assert.Equal("flow.file", Assert.Single(problems.Items).Code);
    }

    [Fact]
    public void Read_Folder_IsAnError()
    {
        var problems = new DiagnosticBag();
        Assert.True(JsonFile.Read(AppContext.BaseDirectory, problems).IsMissing);
        Assert.Equal("flow.file", Assert.Single(problems.Items).Code);
    }

    private static IReadOnlyList<Diagnostic> Problems(ReadOnlySpan<byte> utf8, out FlowValue value)
    {
        var problems = new DiagnosticBag();
        value = JsonFile.Parse(utf8, "file.json", problems);
        Assert.All(problems.Items, problem => Assert.Equal("file.json", problem.File));
        return problems.Items;
    }
}
