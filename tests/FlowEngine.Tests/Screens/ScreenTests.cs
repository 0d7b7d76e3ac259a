using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tests.Execution;
using FlowEngine.Tests.Tracing;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Screens;

/// <summary>What screens accept and show (SPEC 4, 6 and 11; docs/adr/0005).</summary>
public sealed class ScreenTests
{
    [Theory]
    [InlineData("EmailInput", "", "ada@example.com", null)]
    [InlineData("EmailInput", "", "  ada@example.com ", null)]
    [InlineData("EmailInput", "", "ada", "F is not a valid e-mail address.")]
    [InlineData("EmailInput", "", "ada@example.com\r\nx", "F is not a valid e-mail address.")]
    [InlineData("TextInput", "", "a\u0001da", "F must not contain control characters.")]
    [InlineData("TextInput", "", "ada\0", "F must not contain control characters.")]
    [InlineData("TextInput", "\"pattern\": \".*\"", "ada\n", "F must not contain control characters.")]
    [InlineData("TextInput", "", "a\u007fda", "F must not contain control characters.")]
    [InlineData("TextInput", "", "a\u0085da", "F must not contain control characters.")]
    [InlineData("TextInput", "", "Zo\u00eb \u5f20\u4f1f", null)]
    [InlineData("EmailInput", "", "a\u0001da@example.com", "F is not a valid e-mail address.")]
    [InlineData("CodeInput", "", " 12\u001b34", "F must not contain control characters.")]
    [InlineData("CodeInput", "", "1234\r\n", null)]
    [InlineData("PasswordInput", "", "secret\0more", "F must not contain control characters.")]
    [InlineData("Select", "\"options\": [ { \"value\": \"a\\tb\" } ]", "a\tb", null)]
    [InlineData("PhoneInput", "", "+49301234567", null)]
    [InlineData("PhoneInput", "", "0301234567", "F is not a valid phone number; write it as +49301234567.")]
    [InlineData("TextInput", "\"required\": true", "", "F is required.")]
    [InlineData("TextInput", "\"minLength\": 3", "ab", "F must have at least 3 characters.")]
    [InlineData("TextInput", "\"maxLength\": 3", "abcd", "F must have at most 3 characters.")]
    [InlineData("TextInput", "\"pattern\": \"[a-z]+\"", "abc", null)]
    [InlineData("TextInput", "\"pattern\": \"[a-z]+\"", "abc1", "F does not have the right form.")]
    [InlineData("Select", "\"options\": [ { \"value\": \"a\" } ]", "a", null)]
    [InlineData("Select", "\"options\": [ { \"value\": \"a\" } ]", "b", "F has no such option.")]
    [InlineData("Checkbox", "\"required\": true", "on", null)]
    [InlineData("Checkbox", "\"required\": true", "", "F must be checked.")]
    public async Task Submit_AnInput_IsCheckedByItsComponent(string type, string settings, string value, string? message)
    {
        var more = settings.Length == 0 ? "" : ", " + settings;
        var run = await StartAsync($$"""{ "type": "{{type}}", "name": "f", "label": "F" {{more}} }""");

        var problem = await ProbeFlow.SubmitAsync(run, "go", $$"""{ "f": {{FlowValue.From(value).ToJson()}} }""");

        Assert.Equal(message, problem?.Message);
        Assert.Equal(message is null ? RunStatus.Completed : RunStatus.Waiting, run.Status);
        Assert.Equal(message ?? "", run.ErrorText);
        if (message is not null)
            Assert.Equal("screen.input", problem!.Code);
    }

    [Fact]
    public async Task Submit_SeveralProblems_AreAllTold()
    {
        var run = await StartAsync(
            """{ "type": "TextInput", "name": "a", "label": "A", "required": true }, { "type": "EmailInput", "name": "b","""
                + """ "label": "B", "required": true }"""
        );

        var problem = await ProbeFlow.SubmitAsync(run, "go", """{ "b": "x" }""");

        Assert.Equal("A is required. B is not a valid e-mail address.", problem!.Message);
    }

    [Fact]
    public async Task Submit_ArrayOrObjectAsInput_IsRefused()
    {
        var run = await StartAsync("""{ "type": "TextInput", "name": "a", "label": "A" }""");

        Assert.Equal("A must be a text.", (await ProbeFlow.SubmitAsync(run, "go", """{ "a": { "b": 1 } }"""))!.Message);
    }

    /// <summary>The second screen of a login must not replace the address that the first one verified.</summary>
    [Fact]
    public async Task Submit_InputOfAnotherScreen_IsNotTaken()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "one",
                    """{ "id": "one", "type": "Screen", "screen": "one" }, { "id": "two", "type": "Screen", "screen": "two" },"""
                        + """ { "id": "end", "type": "End", "outputs": { "form": "{{form}}" } }""",
                    "one.go>two; two.go>end",
                    """
                    { "id": "one", "components": [ { "type": "EmailInput", "name": "email" }, { "type": "Button", "id": "go" } ] },
                    { "id": "two", "components": [ { "type": "CodeInput", "name": "code" }, { "type": "Button", "id": "go" } ] }
                    """
                )
            )
        );
        await ProbeFlow.SubmitAsync(run, "go", """{ "email": "ada@example.com", "campaign": "spring", "code": "too early" }""");
        await ProbeFlow.SubmitAsync(
            run,
            "go",
            """{ "code": "123456", "email": "mallory@example.com", "campaign": "autumn", "locale": "de" }"""
        );

        Assert.Equal("""{"email":"ada@example.com","code":"123456"}""", run.Outputs.Get("form").ToJson());
        Assert.True(run.Outputs.Get("form").Get("code").IsSensitive);
        Assert.Equal([2, 3], run.Trace!.Where(step => step.Type == "Screen").Select(step => step.Dropped));
        Assert.DoesNotContain("spring", TraceWriter.ToValue(run.Trace!, new Redactor([])).ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "We do not know &lt;img src=x onerror=alert(1)&gt;. <b>")]
    [InlineData("\"'&", "We do not know &quot;&#x27;&amp;. <b>")]
    public async Task View_ForHtml_EscapesValuesAndOnlyValues(string value, string expected)
    {
        var run = await StartAsync(
            """{ "type": "Text", "text": "We do not know {{client.who}}. <b>" }""",
            $$"""{ "who": {{FlowValue.From(value).ToJson()}} }"""
        );

        Assert.Equal(expected, Text(run, ValueEncoder.Html));
        Assert.Equal($"We do not know {value}. <b>", Text(run, ValueEncoder.None));

        static string Text(FlowRun run, ValueEncoder encoder) => ScreenView.Of(run, encoder).Get("components").Get(0).Get("text").ToText();
    }

    [Fact]
    public async Task View_HasTheFormWithoutSecretsAndTheErrorText()
    {
        var run = await StartAsync(
            """{ "type": "TextInput", "name": "a", "required": true, "label": "A" }, { "type": "PasswordInput", "name": "p" },"""
                + """ { "type": "ErrorMessage" }"""
        );
        run.Context.Frame.Form = FlowValue.From(
            new FlowObjectBuilder().With("a", "kept").With("p", FlowValue.From("hidden-hidden").AsSensitive()).Build()
        );
        await ProbeFlow.SubmitAsync(run, "go", """{ "a": "" }""");

        Assert.Equal("""{"form":{"a":"kept"},"errorText":"A is required."}""", ScreenView.Of(run, ValueEncoder.None).Get("state").ToJson());
    }

    private static async Task<FlowRun> StartAsync(string components, string client = "{}") =>
        await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                ProbeFlow.Json(
                    "s",
                    """{ "id": "s", "type": "Screen", "screen": "in" }, { "id": "end", "type": "End" }""",
                    "s.go>end",
                    $$"""{ "id": "in", "title": "In", "components": [ {{components}}, { "type": "Button", "id": "go" } ] }"""
                )
            ),
            client
        );
}
