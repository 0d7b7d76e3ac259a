using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.AspNetCore.Web.Screens.Components;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Tests.Web.Screens;

/// <summary>Screens as HTML: every component, every place for a value.</summary>
public sealed class ScreenRendererTests
{
    private static readonly string[] HostileValues =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)",
        "</form></main></html>",
        "<!--",
        "&lt;b&gt;",
        "{{form.email}}",
        "javascript:alert(1)",
        "`${alert(1)}`",
        "\u0000\u0001\uD800",
        "<svg/onload=alert(1)>",
        "\r\nSet-Cookie: a=b",
    ];

    private static readonly string[] Components =
    [
        """{ "type": "Text", "text": V }""",
        """{ "type": "Text", "variant": "title", "text": V }""",
        """{ "type": "Text", "variant": "subtitle", "text": V }""",
        """{ "type": "Text", "variant": "caption", "text": V }""",
        """{ "type": "Text", "variant": V, "text": "x" }""",
        """{ "type": "Image", "src": V, "alt": V }""",
        """{ "type": "Link", "id": "V", "text": V }""",
        """{ "type": "Link", "href": V, "text": V }""",
        """{ "type": "Divider", "text": V }""",
        """{ "type": "ErrorMessage", "text": V }""",
        """{ "type": "TextInput", "name": V, "label": V, "placeholder": V, "default": V, "pattern": V }""",
        """{ "type": "TextInput", "name": "a", "placeholder": V }""",
        """{ "type": "EmailInput", "name": V, "label": V, "placeholder": V, "default": V }""",
        """{ "type": "PhoneInput", "name": V, "label": V, "placeholder": V, "default": V }""",
        """{ "type": "PasswordInput", "name": V, "label": V, "placeholder": V, "default": V }""",
        """{ "type": "CodeInput", "name": V, "label": V, "placeholder": V, "default": V, "pattern": V }""",
        """{ "type": "Checkbox", "name": V, "label": V, "default": V }""",
        """{ "type": "Select", "name": V, "label": V, "placeholder": V, "default": V, "options": [ { "value": V, "text": V } ] }""",
        """{ "type": "Button", "id": V, "text": V, "variant": V }""",
        """{ "type": "TextInput", "name": V, "label": V, "help": V }""",
        """{ "type": "NewPassword", "name": V, "label": V, "help": V, "placeholder": V }""",
        """{ "type": "Logo", "src": V, "alt": V }""",
        """{ "type": "Container", "direction": V, "holds": 1 }, { "type": "Text", "text": V }""",
        """{ "type": "Text", "text": V, "showIf": { "key": "form.a", "operator": "equal", "value": V } }""",
        """{ "type": V, "text": V }""",
    ];

    public static TheoryData<string> ComponentTemplates => [.. Components];

    [Theory]
    [MemberData(nameof(ComponentTemplates))]
    public void Render_HostileValues_StayValues(string component)
    {
        var harmless = Shape(Render(View("safe", component)));
        foreach (var hostile in HostileValues)
        {
            var html = Render(View(hostile, component));
            // The same elements and attribute names as with a harmless value: nothing that a value says becomes markup.
            var shape = Shape(html);
            if (component.Contains("href", StringComparison.Ordinal) || component.Contains("src", StringComparison.Ordinal))
                Assert.DoesNotContain("javascript:alert(1)\"", html, StringComparison.Ordinal);
            else
                Assert.Equal(harmless, shape);
            Assert.All(shape, name => Assert.False(Regex.IsMatch(name, @"^(script|object|iframe|.* on\w+)"), name));
        }
    }

    [Theory]
    [InlineData("https://example.com/a?b=c", true)]
    [InlineData("HTTP://example.com", true)]
    [InlineData("/terms", true)]
    [InlineData("terms?a=1:2", true)]
    [InlineData("#top", true)]
    [InlineData("//cdn.example.com/logo.png", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData(" JaVaScRiPt:alert(1)", false)]
    [InlineData("java\nscript:alert(1)", false)]
    [InlineData("\u0001javascript:alert(1)", false)]
    [InlineData("data:text/html,<script>alert(1)</script>", false)]
    [InlineData("vbscript:x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("blob:https://example.com/1", false)]
    [InlineData("\\\\evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https:", false)]
    [InlineData("", false)]
    public void Url_OfALinkOrImage_IsHttpOrRelative(string url, bool isSafe)
    {
        Assert.Equal(isSafe, SafeUrl.Of(url) is not null);
        var html = Render(
            Screen(
                $$"""{ "type": "Link", "text": "go", "href": {{FlowValue.From(url).ToJson()}} }, { "type": "Image","""
                    + $$""" "src": {{FlowValue.From(url).ToJson()}}, "alt": "picture" }"""
            )
        );
        Assert.Equal(isSafe, html.Contains("href=", StringComparison.Ordinal));
        Assert.Equal(isSafe, html.Contains("<img", StringComparison.Ordinal));
        Assert.Contains("picture", html, StringComparison.Ordinal);
        Assert.Contains("go", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "Text", "text": "Hello" }""", """<p class="fe-text">Hello</p>""")]
    [InlineData("""{ "type": "Text", "variant": "subtitle", "text": "Hello" }""", """<p class="fe-subtitle">Hello</p>""")]
    [InlineData("""{ "type": "Text", "variant": "caption", "text": "Hello" }""", """<p class="fe-caption">Hello</p>""")]
    [InlineData("""{ "type": "Text", "variant": "title", "text": "Hello" }""", """<h2 class="fe-heading">Hello</h2>""")]
    [InlineData("""{ "type": "Image", "src": "/a.png", "alt": "A" }""", """<img class="fe-image" src="/a.png" alt="A">""")]
    [InlineData("""{ "type": "Image", "src": "/a.png" }""", """<img class="fe-image" src="/a.png" alt="">""")]
    [InlineData(
        """{ "type": "Link", "id": "forgot", "text": "Forgot?" }""",
        """<button class="fe-link" type="submit" name="fe.do" value="forgot">Forgot?</button>"""
    )]
    [InlineData(
        """{ "type": "Link", "href": "/terms", "text": "Terms" }""",
        """href="/terms" target="_blank" rel="noopener noreferrer">Terms<span class="fe-hidden"> (opens in a new tab)</span>"""
    )]
    [InlineData("""{ "type": "Divider" }""", """<hr class="fe-divider">""")]
    [InlineData(
        """{ "type": "TextInput", "name": "firstName", "label": "First name", "required": true }""",
        """type="text" id="fe-firstName" name="firstName" required autofocus autocomplete="given-name">"""
    )]
    [InlineData(
        """{ "type": "TextInput", "name": "nick", "minLength": 2, "maxLength": 9, "placeholder": "Nick" }""",
        """name="nick" aria-label="Nick" autofocus minlength="2" maxlength="9" placeholder="Nick">"""
    )]
    [InlineData(
        """{ "type": "EmailInput", "name": "email", "label": "Email", "default": "a@b.c" }""",
        """inputmode="email" autocapitalize="none" spellcheck="false" autocomplete="email"  value="a@b.c">"""
    )]
    [InlineData("""{ "type": "EmailInput", "name": "email" }, { "type": "PasswordInput", "name": "p" }""", """autocomplete="username" """)]
    [InlineData(
        """{ "type": "PhoneInput", "name": "phone", "label": "Phone" }""",
        """type="tel" id="fe-phone" name="phone" autofocus inputmode="tel" autocomplete="tel" >"""
    )]
    [InlineData(
        """{ "type": "PasswordInput", "name": "password", "label": "Password", "default": "never", "sensitive": true }""",
        """autocomplete="current-password" >"""
    )]
    [InlineData("""{ "type": "PasswordInput", "name": "newPassword", "label": "Password" }""", """autocomplete="new-password" >""")]
    [InlineData(
        """{ "type": "PasswordInput", "name": "a" }, { "type": "PasswordInput", "name": "b" }""",
        """autocomplete="new-password" >"""
    )]
    [InlineData(
        """{ "type": "CodeInput", "name": "code", "label": "Code", "maxLength": 6 }""",
        """inputmode="numeric" autocapitalize="none" spellcheck="false" autocomplete="one-time-code"  maxlength="6">"""
    )]
    [InlineData("""{ "type": "CodeInput", "name": "code", "pattern": "[A-Z]{6}" }""", """inputmode="text" """)]
    [InlineData(
        """{ "type": "Checkbox", "name": "terms", "label": "I agree", "required": true }""",
        """<input class="fe-checkbox" type="checkbox" value="true" id="fe-terms" name="terms" required autofocus><label"""
            + """ for="fe-terms">I agree</label>"""
    )]
    [InlineData(
        """{ "type": "Select", "name": "plan", "label": "Plan", "default": "b", "options": [ { "value": "a", "text": "A" },"""
            + """ { "value": "b", "text": "B" } ] }""",
        """<option value="">Please choose</option><option value="a">A</option><option value="b" selected>B</option></select>"""
    )]
    [InlineData(
        """{ "type": "Button", "id": "go", "text": "Go" }""",
        """<button class="fe-button fe-primary" type="submit" name="fe.do" value="go"><span>Go</span></button>"""
    )]
    [InlineData(
        """{ "type": "Button", "id": "a", "text": "A" }, { "type": "Button", "id": "b" }""",
        """<button class="fe-button fe-secondary" type="submit" name="fe.do" value="b"><span>b</span></button>"""
    )]
    [InlineData(
        """{ "type": "TextInput", "name": "a", "label": "A" }""",
        """<label class="fe-label" for="fe-a">A <span class="fe-optional">(optional)</span></label>"""
    )]
    public void Render_OfAComponent_Writes(string component, string expected) =>
        Assert.Contains(expected, Render(Screen(component)), StringComparison.Ordinal);

    [Fact]
    public void Render_Password_NeverShowsItsValue() =>
        Assert.DoesNotContain(
            "never",
            Render(
                Screen(
                    """{ "type": "PasswordInput", "name": "p", "default": "never", "sensitive": true }, { "type": "CodeInput","""
                        + """ "name": "c", "default": "never", "sensitive": true }"""
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Render_ErrorText_StandsAtItsPlaceOrAtTheTop()
    {
        var placed = Render(
            Screen("""{ "type": "Text", "text": "first" }, { "type": "ErrorMessage" }, { "type": "Button", "id": "go" }""", "Try <again>")
        );
        Assert.Matches("(?s)first.*role=\"alert\".*Try &lt;again&gt;.*<button", placed);
        Assert.Equal(1, Regex.Count(placed, "role=\"alert\""));
        Assert.Matches("(?s)Try.*first", Render(Screen("""{ "type": "Text", "text": "first" }""", "Try")));
        Assert.DoesNotContain("alert", Render(Screen("""{ "type": "ErrorMessage", "text": "own" }""")), StringComparison.Ordinal);
        Assert.Contains("own", Render(Screen("""{ "type": "ErrorMessage", "text": "own" }""", "Try")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "TextInput", "name": "a", "label": "A. B", "required": true }""", "{}", "A. B is required.")]
    [InlineData("""{ "type": "TextInput", "name": "a", "minLength": 3 }""", """{ "a": "x" }""", "a must have at least 3 characters.")]
    [InlineData(
        """{ "type": "TextInput", "name": "a", "label": "A", "maxLength": 3 }""",
        """{ "a": "xxxx" }""",
        "A must have at most 3 characters."
    )]
    [InlineData("""{ "type": "EmailInput", "name": "a", "label": "Email" }""", """{ "a": "x" }""", "Email is not a valid e-mail address.")]
    [InlineData(
        """{ "type": "PhoneInput", "name": "a", "label": "Phone" }""",
        """{ "a": "x" }""",
        "Phone is not a valid phone number; write it as +49301234567."
    )]
    [InlineData(
        """{ "type": "Select", "name": "a", "label": "Plan", "options": [ { "value": "v" } ] }""",
        """{ "a": "x" }""",
        "Plan has no such option."
    )]
    [InlineData(
        """{ "type": "TextInput", "name": "a", "label": "Name" }""",
        """{ "a": "x\u0001" }""",
        "Name must not contain control characters."
    )]
    [InlineData(
        """{ "type": "TextInput", "name": "a", "label": "{{device.language}}", "pattern": "y" }""",
        """{ "a": "x" }""",
        "a does not have the right form."
    )]
    [InlineData("""{ "type": "Checkbox", "name": "a", "label": "Terms", "required": true }""", "{}", "Terms must be checked.")]
    public async Task Render_ProblemOfTheEngine_IsTiedToItsInput(string component, string form, string message)
    {
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "t", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "s", "port": "go", "target": "e" } ],
                    "screens": [ { "id": "s", "components": [ {{component}}, { "type": "Button", "id": "go" } ] } ] }
                """
            ),
            new CompilationEnvironment()
        );
        var run = FlowRun.Start(result.Plan!, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.NotNull(
            await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse(form)), TestContext.Current.CancellationToken)
        );

        Assert.Equal(message, run.ErrorText);
        Assert.Equal("a", Assert.Single(run.InputProblems).Name);
        var html = Render(ScreenView.Of(run, ValueEncoder.None), run.InputProblems);
        Assert.Contains("""aria-invalid="true" aria-describedby="fe-a-problem" """, html, StringComparison.Ordinal);
        Assert.Contains("""<p class="fe-problem" id="fe-a-problem" role="alert">""", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SeveralProblems_AreSummedUpWithWaysToTheInputs()
    {
        var html = Render(
            Screen(
                """{ "type": "EmailInput", "name": "e", "label": "Email" }, { "type": "TextInput", "name": "n", "label": "Name" }""",
                "Whatever it says in English."
            ),
            [new("e", "input.required", FlowObject.Empty), new("n", "input.required", FlowObject.Empty)]
        );
        Assert.Contains(
            """<li><a href="#fe-e">Email is required.</a></li><li><a href="#fe-n">Name is required.</a></li>""",
            html,
            StringComparison.Ordinal
        );
        Assert.Equal(1, Regex.Count(html, "role=\"alert\""));
        Assert.Equal(2, Regex.Count(html, "aria-invalid"));
    }

    [Fact]
    public void Render_LinkBeforeTheButton_LeavesEnterToTheButton()
    {
        var html = Render(Screen("""{ "type": "Link", "id": "forgot", "text": "Forgot" }, { "type": "Button", "id": "go" }"""));
        Assert.Equal("go", Regex.Match(html, "type=\"submit\" name=\"fe.do\" value=\"(\\w+)\"").Groups[1].Value);
        Assert.DoesNotContain(
            "fe-hidden",
            Render(Screen("""{ "type": "Button", "id": "go" }, { "type": "Link", "id": "forgot", "text": "Forgot" }""")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Render_PictureAtTheTop_StandsInThePlaceOfTheMark()
    {
        var html = Render(Screen("""{ "type": "Image", "src": "/logo.svg", "alt": "Harbour" }, { "type": "Button", "id": "go" }"""));
        Assert.Matches("(?s)<img.*<h1", html);
        Assert.DoesNotContain("fe-mark", html, StringComparison.Ordinal);
        Assert.Contains("fe-mark", Render(Screen("""{ "type": "Button", "id": "go" }""")), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AComponentOfSomebodyElse_IsDrawnByItsRendererWithItsStyle()
    {
        var components = new ComponentCatalog(ComponentType.Of<Meter>());
        Assert.Throws<ArgumentException>(() => new ScreenRenderer(components, []));

        var renderer = new ScreenRenderer(components, [new MeterRenderer()]);
        var page = renderer.Render(
            new ShownScreen { View = Screen("""{ "type": "Meter", "level": "<3" }"""), Translation = FlowLocales.None.For("en") }
        );
        Assert.Contains("""<p class="acme-meter">&lt;3</p>""", page.Main.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(".acme-meter{color:red}", Encoding.UTF8.GetString(renderer.Assets.Styles.Content), StringComparison.Ordinal);
        // Browsers keep a style sheet by its name.
        Assert.NotEqual(new ScreenAssets("").Styles.Path, renderer.Assets.Styles.Path);
        Assert.Contains(renderer.Assets.Styles.Path, page.Document("", renderer.Assets, null), StringComparison.Ordinal);
        Assert.Contains(renderer.Assets.Styles.Path, Encoding.UTF8.GetString(renderer.Assets.Component.Content), StringComparison.Ordinal);
    }

    [Component("Meter", "How full it is.")]
    private sealed record Meter : ScreenComponent
    {
        [Setting("How full.")]
        public Template Level { get; init; } = Template.Empty;

        protected override void Show(ComponentView view) => view.Set("level", Level);
    }

    private sealed class MeterRenderer : ComponentRenderer<Meter>
    {
        public override string Styles => ".acme-meter{color:red}";

        public override Markup Render(ShownComponent component, ScreenPage screen) =>
            Markup.Of($"""<p class="acme-meter">{component.Text("level")}</p>""");
    }

    /// <summary>Scripts count down; without them the button can be pressed, and the server says how long it takes.</summary>
    [Fact]
    public void Render_ButtonThatHasToBeWaitedFor_CountsDownWithScriptsAndIsPlainWithout()
    {
        const string Button = """{ "type": "Button", "id": "again", "text": "Go on", "secondsLeft": 7 }""";
        var html = Render(Screen(Button));
        Assert.Contains("""value="again" data-fe-wait="7"><span>Go on</span>""", html, StringComparison.Ordinal);
        Assert.DoesNotContain("disabled", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-fe-wait", Render(Screen("""{ "type": "Button", "id": "again" }""")), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ButtonPressedTooEarly_SaysSoInTheErrorBox()
    {
        var problem = new InputProblem("again", InputErrors.TooEarly.Code, FlowObject.Empty.With("count", FlowValue.From(7)));
        var html = Render(Screen("""{ "type": "ErrorMessage" }, { "type": "Button", "id": "again", "text": "Go on" }"""), [problem]);
        Assert.Contains("Please wait 7 s, then press “Go on” again.", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("fe-error", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AContainer_HoldsWhatStandsInIt()
    {
        var html = Render(
            Screen(
                """
                { "type": "Container", "direction": "row", "holds": 3 }, { "type": "TextInput", "name": "a" },
                { "type": "Container", "direction": "column", "holds": 1 }, { "type": "TextInput", "name": "b" },
                { "type": "TextInput", "name": "c" }
                """
            )
        );
        var xml = XDocument.Parse(
            "<r>"
                + Regex
                    .Replace(html, "<(input)([^>]*?)>", "<$1/>")
                    .Replace(" data-fe-form>", ">", StringComparison.Ordinal)
                    .Replace(" novalidate", "", StringComparison.Ordinal)
                + "</r>"
        );
        var row = xml.Descendants("div").Single(element => element.Attribute("class")?.Value == "fe-group fe-row");
        Assert.Equal(2, row.Descendants("input").Count());
        Assert.Single(row.Descendants("div"), element => element.Attribute("class")?.Value == "fe-group fe-column");
    }

    /// <summary>Only what the flow wrote leads anywhere: a value that looks like a link is text.</summary>
    [Fact]
    public void Render_LinksInTexts_AreThoseOfTheFlow()
    {
        var html = Render(
            Screen(
                """
                { "type": "Text", "text": "[win](https://evil.example) [terms](https://a.example/t)", "links": ["https://a.example/t"] },
                { "type": "Checkbox", "name": "ok", "label": "I accept the [terms](https://a.example/t)", "links": ["https://a.example/t"] },
                { "type": "TextInput", "name": "x", "help": "See [here](javascript:alert)", "links": ["javascript:alert"] }
                """
            )
        );
        Assert.Equal(2, Regex.Count(html, "href=\"https://a.example/t\" target=\"_blank\" rel=\"noopener noreferrer\""));
        Assert.Equal(2, Regex.Count(html, "href="));
        Assert.Contains("[win](https://evil.example)", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ALinkOfATranslation_LeadsWhereTheTranslationSays()
    {
        var flow = FlowValue.Parse("""{ "de": { "The [terms](https://a.example/en)": "Die [Bedingungen](https://a.example/de)" } }""");
        var view = Screen("""{ "type": "Text", "text": "The [terms](https://a.example/en)", "links": ["https://a.example/en"] }""");
        var shown = new ShownScreen { View = view, Translation = FlowLocales.Of(flow).For("de") };
        var html = new ScreenRenderer(ComponentCatalog.BuiltIn, []).Render(shown).Main.ToString();
        Assert.Contains("href=\"https://a.example/de\"", html, StringComparison.Ordinal);
    }

    /// <summary>What a rule hides is hidden by what stands in the inputs: what was entered and refused before what was known.</summary>
    [Theory]
    [InlineData("free", true)]
    [InlineData("team", false)]
    public void Render_WhatARuleHides_IsHiddenByWhatWasEntered(string plan, bool isHidden)
    {
        var shown = new ShownScreen
        {
            View = Screen(
                """
                { "type": "TextInput", "name": "plan" },
                { "type": "Container", "holds": 1, "showIf": { "key": "form.plan", "operator": "equal", "value": "team" } },
                { "type": "TextInput", "name": "company", "help": "Its <b>name</b>" }
                """
            ),
            Translation = FlowLocales.None.For("en"),
            Entered = FlowValue.Parse($$"""{ "plan": "{{plan}}" }"""),
        };
        var html = new ScreenRenderer(ComponentCatalog.BuiltIn, []).Render(shown).Main.ToString();
        Assert.Equal(isHidden, Regex.IsMatch(html, "<div data-fe-if=\"[^\"]*\" hidden class=\"fe-group"));
        Assert.Contains("aria-describedby=\"fe-company-help\"", html, StringComparison.Ordinal);
        Assert.Contains("Its &lt;b&gt;name&lt;/b&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ANewPassword_HasAMeterAndTellsItsLength()
    {
        var html = Render(Screen("""{ "type": "NewPassword", "name": "p", "label": "Password", "minLength": 15, "sensitive": true }"""));
        Assert.Contains("autocomplete=\"new-password\"", html, StringComparison.Ordinal);
        Assert.Contains("data-fe-strength=\"fe-p\" data-least=\"15\"", html, StringComparison.Ordinal);
        Assert.Contains("At least 15 characters", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "Logo", "src": "/logo.png", "alt": "Acme" }""", false)]
    [InlineData("""{ "type": "Logo", "src": "javascript:alert(1)", "alt": "Acme" }""", true)]
    [InlineData("""{ "type": "Logo" }""", true)]
    public void Render_ALogo_StandsInThePlaceOfTheMark_WhereThereIsOne(string logo, bool hasMark)
    {
        var html = Render(Screen(logo));
        Assert.Equal(hasMark, html.Contains("fe-mark", StringComparison.Ordinal));
        Assert.Equal(!hasMark, html.Contains("<img class=\"fe-logo\" src=\"/logo.png\" alt=\"Acme\">", StringComparison.Ordinal));
    }

    private static FlowValue View(string value, string component)
    {
        var json = FlowValue.From(value.Replace("\uD800", "\uFFFD", StringComparison.Ordinal)).ToJson();
        return FlowValue.Parse(
            $$"""
            { "id": "s", "title": {{json}}, "components": [ {{component.Replace("\"V\"", json, StringComparison.Ordinal).Replace(
                ": V",
                ": " + json,
                StringComparison.Ordinal
            )}} ],
              "state": { "form": { "a": {{json}} }, "errorText": {{json}} } }
            """
        );
    }

    private static FlowValue Screen(string components, string errorText = "") =>
        FlowValue.Parse(
            $$"""{ "id": "s", "title": "Title", "components": [ {{components}} ], "state": { "form": {},"""
                + $$""" "errorText": {{FlowValue.From(errorText).ToJson()}} } }"""
        );

    private static string Render(FlowValue view, IReadOnlyList<InputProblem>? problems = null) =>
        new ScreenRenderer(ComponentCatalog.BuiltIn, [])
            .Render(
                new ShownScreen
                {
                    View = view,
                    Wording = new ScreenWording(problems ?? [], []),
                    Translation = FlowLocales.None.For("en"),
                    Action = "/login/t/run",
                    StepId = "1",
                    Token = "token",
                }
            )
            .Main.ToString();

    /// <summary>The elements with their attributes' names, as a parser reads them.</summary>
    private static List<string> Shape(string html)
    {
        var xml = Regex.Replace(html, "<(input|img|hr)([^>]*?)/?>", "<$1$2/>");
        xml = Regex.Replace(
            xml,
            "(?<= )(required|autofocus|checked|selected|hidden|novalidate|data-fe-\\w+)(?=[ />])(?![^<>]*=\"[^\"]*$)",
            "$1=\"\""
        );
        xml = Regex.Replace(xml, "&#x([0-9A-F]{1,2});", match => Convert.ToInt32(match.Groups[1].Value, 16) < 32 ? "" : match.Value);
        return
        [
            .. XDocument
                .Parse("<r>" + xml + "</r>")
                .Descendants()
                .Select(element =>
                    element.Name.LocalName
                    + string.Concat(
                        element.Attributes().Where(a => a.Name != "selected" && a.Name != "checked").Select(a => " " + a.Name.LocalName)
                    )
                ),
        ];
    }
}
