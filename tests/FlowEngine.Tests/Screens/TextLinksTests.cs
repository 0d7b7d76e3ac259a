using FlowEngine.Screens;

namespace FlowEngine.Tests.Screens;

/// <summary><c>[words](https://…)</c> in the texts of screens.</summary>
public sealed class TextLinksTests
{
    [Fact]
    public void Pieces_OfATextWithLinks_AreItsWordsAndLinks() =>
        Assert.Equal(
            [
                new("I accept the ", null),
                new("terms", "https://a.example/terms"),
                new(" and ", null),
                new("rules", "/rules"),
                new(".", null),
            ],
            TextLinks.Pieces("I accept the [terms](https://a.example/terms) and [rules](/rules).", _ => true)
        );

    [Theory]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](javascript:alert)")]
    [InlineData("[x](data:text/html,x)")]
    [InlineData("[x](https://evil.example)")]
    [InlineData("[x] (https://a.example)")]
    [InlineData("[x](https://a.example y)")]
    [InlineData("[x]()")]
    public void Pieces_OfWhatTheFlowDidNotWrite_IsText(string text) =>
        Assert.Equal([new(text, null)], TextLinks.Pieces(text, address => address == "https://a.example"));

    [Fact]
    public void Plain_LeavesTheWords() => Assert.Equal("I accept the terms.", TextLinks.Plain("I accept the [terms](https://a.example)."));

    /// <summary>What somebody enters is never a link, whatever it looks like: the page is told the addresses that the flow wrote.</summary>
    [Fact]
    public async Task View_OfATextWithValues_NamesTheAddressesOfTheFlowOnly()
    {
        var run = await ScreenFlow.StartAsync(
            """{ "type": "Text", "text": "{{client.kind}} [terms](https://a.example)" }""",
            """{ "kind": "[win](https://evil.example)" }"""
        );
        var view = ScreenFlow.View(run)[0];
        Assert.Equal("[win](https://evil.example) [terms](https://a.example)", view.Get("text").ToText());
        Assert.Equal("""["https://a.example"]""", view.Get("links").ToJson());
    }

    [Theory]
    [InlineData("""{ "type": "Text", "text": "[x](javascript:alert)" }""", "text")]
    [InlineData("""{ "type": "Text", "text": "[x](https://a.example/{{client.kind}})" }""", "text")]
    [InlineData("""{ "type": "Checkbox", "name": "a", "label": "[x](ftp://a.example)" }""", "label")]
    [InlineData("""{ "type": "TextInput", "name": "a", "help": "[x](data:a)" }""", "help")]
    public void Compile_ALinkThatWouldBeNone_IsRefused(string component, string member) =>
        Assert.Contains("screen.link /screens/0/components/0/" + member, ScreenFlow.Problems(component));
}
