using System.Text;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Model;

public sealed class JsonPointerLocatorTests
{
    private const string Text = """
        {
          "id": "f",
          "activities": [
            { "id": "a", "ü": "🙂", "type": "End" },
            [ 1, 2,
              { "x/y": { "~": null } } ]
          ],
          "": 3
        }
        """;

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("/id", 2, 3)]
    [InlineData("/activities", 3, 3)]
    [InlineData("/activities/0", 4, 5)]
    [InlineData("/activities/0/type", 4, 29)]
    [InlineData("/activities/1/1", 5, 10)]
    [InlineData("/activities/1/2/x~1y/~0", 6, 18)]
    [InlineData("/", 8, 3)]
    [InlineData("/activities/0/settings/deep", 4, 5)]
    [InlineData("/activities/7", 3, 3)]
    [InlineData("/nothing", 1, 1)]
    [InlineData("no pointer", 1, 1)]
    public void Find_Pointer_GivesLineAndColumn(string pointer, int line, int column) =>
        Assert.Equal(new TextPosition(line, column), JsonPointerLocator.Find(Encoding.UTF8.GetBytes(Text), pointer));

    [Fact]
    public void Find_WindowsLineBreaksAndByteOrderMark_CountsAsEditorsDo() =>
        Assert.Equal(
            new TextPosition(3, 3),
            JsonPointerLocator.Find([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("{\r\n  \"a\": 1,\r\n  \"b\": 2 }")], "/b")
        );

    [Theory]
    [InlineData("{\n \"a\": 1,\n \"b\": x }", "/a", 2, 2)]
    [InlineData("{\n \"a\": 1,\n \"b\": [ 1,\n x ] }", "/b/1", 4, 2)]
    public void Find_BrokenFile_FindsWhatStandsBeforeTheBreakAndTheBreak(string text, string pointer, int line, int column) =>
        Assert.Equal(new TextPosition(line, column), JsonPointerLocator.Find(Encoding.UTF8.GetBytes(text), pointer));

    [Fact]
    public void Locate_ManyPointers_TakesOnePass()
    {
        var elements = Enumerable.Range(0, 100_000).Select(i => $"{{\"id\": {i}}}").ToArray();
        var utf8 = Encoding.UTF8.GetBytes("[" + string.Join('\n', elements.Select((text, i) => i == 0 ? text : "," + text)) + "]");
        var found = JsonPointerLocator.Locate(utf8, elements.Select((_, i) => $"/{i}/id"));
        Assert.Equal(100_000, found.Count);
        Assert.Equal(new TextPosition(99_999, 3), found["/99998/id"]);
    }

    [Fact]
    public void Find_PlaceThatJsonFileNames_IsTheOneInItsMessage()
    {
        var utf8 = Encoding.UTF8.GetBytes("{\n \"a\": [ 1,\n   oops ] }");
        var problems = new DiagnosticBag();
        JsonFile.Parse(utf8, null, problems);
        Assert.Contains(
            JsonPointerLocator.Find(utf8, problems.Items[0].Pointer).ToString(),
            problems.Items[0].Message,
            StringComparison.Ordinal
        );
    }
}
