using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Tests.Screens;

/// <summary><c>showIf</c>: what is not shown is neither taken nor required, and the server decides.</summary>
public sealed class ShownPartsTests
{
    private const string Company = """
        { "type": "TextInput", "name": "plan" },
        { "type": "TextInput", "name": "company", "required": true,
          "showIf": { "key": "form.plan", "operator": "equal", "value": "team" } }
        """;

    [Theory]
    [InlineData("""{ "plan": "free" }""", "")]
    [InlineData("""{ "plan": "team" }""", "company input.required")]
    [InlineData("""{ "plan": "team", "company": "" }""", "company input.required")]
    [InlineData("""{ "plan": "team", "company": "Acme" }""", "")]
    [InlineData("{}", "")]
    public async Task Submit_AnInput_IsRequiredWhereItIsShown(string form, string problems) =>
        Assert.Equal(problems, await ScreenFlow.SubmitAsync(await ScreenFlow.StartAsync(Company), form));

    [Fact]
    public async Task Submit_AnInputThatIsNotShown_IsNotTaken()
    {
        var run = await ScreenFlow.StartAsync(Company);
        Assert.Equal("", await ScreenFlow.SubmitAsync(run, """{ "plan": "free", "company": "Acme" }"""));
        Assert.Equal("""{"plan":"free"}""", ScreenFlow.Form(run).ToJson());
        var step = Assert.Single(run.TraceSteps!, one => one.Activity == "s");
        Assert.Equal((1, """{"plan":"free"}"""), (step.Dropped, step.Output.ToJson()));
    }

    [Fact]
    public async Task Submit_AnInputThatThePersonHidAgain_HasNoValueAnyMore()
    {
        var run = await ScreenFlow.StartAsync(Company);
        await ScreenFlow.SubmitAsync(run, """{ "plan": "team", "company": "Acme" }""", "again");
        Assert.Equal("Acme", ScreenFlow.Form(run).Get("company").ToText());
        await ScreenFlow.SubmitAsync(run, """{ "plan": "free" }""", "again");
        Assert.True(ScreenFlow.Form(run).Get("company").IsMissing);
    }

    /// <summary>What is left out of a submission keeps its value in the form, and so decides by it: leaving out the choice does not get around
    /// what it asks for.</summary>
    [Fact]
    public async Task Submit_WithoutTheChoiceThatWasMadeBefore_StillAsksForWhatItShows()
    {
        var run = await ScreenFlow.StartAsync(Company);
        await ScreenFlow.SubmitAsync(run, """{ "plan": "team", "company": "Acme" }""", "again");
        Assert.Equal("company input.required", await ScreenFlow.SubmitAsync(run, "{}"));
    }

    [Fact]
    public async Task Submit_AnInputThatWhatWasKnownHides_KeepsWhatItHad()
    {
        var run = await ScreenFlow.StartAsync(
            """{ "type": "TextInput", "name": "email", "showIf": { "key": "client.kind", "operator": "equal", "value": "" } }"""
        );
        await ScreenFlow.SubmitAsync(run, """{ "email": "a@b.example" }""", "again");
        Assert.Equal("a@b.example", ScreenFlow.Form(run).Get("email").ToText());

        var known = await ScreenFlow.StartAsync(
            """{ "type": "TextInput", "name": "email", "showIf": { "key": "client.kind", "operator": "equal", "value": "" } }""",
            """{ "kind": "known" }"""
        );
        Assert.Equal("", await ScreenFlow.SubmitAsync(known, """{ "email": "other@b.example" }"""));
        Assert.True(ScreenFlow.Form(known).Get("email").IsMissing);
    }

    /// <summary>A hidden input counts as nothing for what stands below it, whatever is sent in its name.</summary>
    [Fact]
    public async Task Submit_AnInputBehindAHiddenOne_IsHiddenToo()
    {
        const string Chain = """
            { "type": "Checkbox", "name": "a" },
            { "type": "Checkbox", "name": "b", "showIf": { "key": "form.a", "operator": "is-true" } },
            { "type": "TextInput", "name": "c", "required": true, "showIf": { "key": "form.b", "operator": "is-true" } }
            """;
        var run = await ScreenFlow.StartAsync(Chain);
        Assert.Equal("", await ScreenFlow.SubmitAsync(run, """{ "a": false, "b": true, "c": "x" }"""));
        Assert.Equal("""{"a":false}""", ScreenFlow.Form(run).ToJson());
        Assert.Equal("c input.required", await ScreenFlow.SubmitAsync(await ScreenFlow.StartAsync(Chain), """{ "a": true, "b": true }"""));
    }

    [Fact]
    public async Task Submit_WhatStandsInAContainer_IsShownWithIt()
    {
        const string Nested = """
            { "type": "Checkbox", "name": "more" },
            { "type": "Container", "showIf": { "key": "form.more", "operator": "is-true" }, "components": [
              { "type": "Container", "direction": "column", "components": [ { "type": "TextInput", "name": "x", "required": true } ] } ] }
            """;
        Assert.Equal("", await ScreenFlow.SubmitAsync(await ScreenFlow.StartAsync(Nested), """{ "more": false, "x": "1" }"""));
        Assert.Equal("x input.required", await ScreenFlow.SubmitAsync(await ScreenFlow.StartAsync(Nested), """{ "more": true }"""));
    }

    [Theory]
    [InlineData("yes", "")]
    [InlineData("no", "screen.interaction")]
    public async Task Submit_AButtonThatIsNotShown_CannotBePressed(string answer, string code)
    {
        var run = await ScreenFlow.StartAsync(
            """
            { "type": "TextInput", "name": "sure" },
            { "type": "Container", "showIf": { "key": "form.sure", "operator": "equal", "value": "yes" }, "components": [
              { "type": "Link", "id": "later", "text": "Later" } ] }
            """
        );
        Assert.Equal(code, await ScreenFlow.SubmitAsync(run, $$"""{ "sure": "{{answer}}" }""", "later"));
    }

    [Theory]
    [InlineData("""{ "script": "true" }""", "/script")]
    [InlineData("""{ "key": "form.below", "operator": "not-empty" }""", "/key")]
    [InlineData("""{ "key": "form.self", "operator": "not-empty" }""", "/key")]
    [InlineData("""{ "key": "form.secret", "operator": "equal", "value": "x" }""", "/key")]
    [InlineData("""{ "key": "form.above", "operator": "matches", "value": "a+" }""", "/operator")]
    [InlineData("""{ "key": "form.above", "operator": "equal", "value": "{{client.kind}}" }""", "/value")]
    [InlineData("""{ "key": "client.kind", "operator": "equal", "value": "{{form.above}}" }""", "/value")]
    [InlineData("""{ "match": "any", "rules": [ { "script": "true" } ] }""", "/rules/0/script")]
    public void Compile_ARuleThatAPageCannotDecideAsTheServerDoes_IsRefused(string rule, string at) =>
        Assert.Contains(
            "screen.show_if /screens/0/components/2/showIf" + at,
            ScreenFlow.Problems(
                $$"""
                { "type": "TextInput", "name": "above" }, { "type": "PasswordInput", "name": "secret" },
                { "type": "TextInput", "name": "self", "showIf": {{rule}} }, { "type": "TextInput", "name": "below" }
                """
            )
        );

    [Fact]
    public async Task View_SaysWhatIsLeftToDecide_AndLeavesOutWhatIsDecided()
    {
        var run = await ScreenFlow.StartAsync(
            """
            { "type": "TextInput", "name": "a" },
            { "type": "Text", "text": "no", "showIf": { "key": "client.kind", "operator": "equal", "value": "x" } },
            { "type": "Text", "text": "yes", "showIf": { "key": "client.kind", "operator": "equal", "value": "" } },
            { "type": "Container", "components": [
              { "type": "Text", "text": "gone", "showIf": { "key": "client.kind", "operator": "not-empty" } },
              { "type": "Text", "text": "live", "showIf": { "rules": [ { "key": "client.kind", "operator": "empty" },
                { "key": "form.a", "operator": "in", "value": "x, y" } ] } } ] }
            """
        );
        var view = ScreenFlow.View(run);
        Assert.Equal(["TextInput", "Text", "Container", "Text", "Button", "Button"], view.Select(one => one.Get("type").ToText()));
        Assert.True(view[1].Get("showIf").IsMissing);
        Assert.Equal("1", view[2].Get("holds").ToText());
        Assert.Equal("""{"key":"form.a","operator":"in","value":"x, y"}""", view[3].Get("showIf").ToJson());
    }

    [Theory]
    [InlineData("equal", "\"a\"", "\"a\"", true)]
    [InlineData("not-equal", "\"a\"", "\"a\"", false)]
    [InlineData("in", "\"a, b\"", "\"b\"", true)]
    [InlineData("in", "[\"a\"]", "\"b\"", false)]
    [InlineData("not-in", "7", "\"7\"", false)]
    [InlineData("contains", "\"x\"", "true", false)]
    [InlineData("empty", "null", "\"\"", true)]
    [InlineData("is-false", "null", "false", true)]
    [InlineData("matches", "\"a\"", "\"a\"", false)]
    [InlineData("no-such", "\"a\"", "\"a\"", false)]
    public void Holds_DecidesARule_AndDeniesWhatItDoesNotKnow(string @operator, string value, string entered, bool holds) =>
        Assert.Equal(
            holds,
            ShownRules.Holds(
                FlowValue.Parse($$"""{ "key": "form.a", "operator": "{{@operator}}", "value": {{value}} }"""),
                name => name == "a" ? FlowValue.Parse(entered) : FlowValue.Missing
            )
        );
}
