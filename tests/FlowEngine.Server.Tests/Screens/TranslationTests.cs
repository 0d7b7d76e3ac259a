using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Server.Tests.Screens;

/// <summary>Which language is chosen, and what is translated.</summary>
public sealed class TranslationTests
{
    private static readonly FlowLocales Locales = FlowLocales.Of(
        FlowValue.Parse(
            """
            {
              "de": { "Sign in": "Anmelden", "Email": "E-Mail", "We do not know {{form.email}}.": "{{form.email}} kennen wir nicht.",
                "{{ a }} of {{b}}": "{{b}}: {{a}}", "Continue": "Vorwärts" },
              "pt-BR": { "Sign in": "Entrar" }
            }
            """
        )
    );

    [Theory]
    [InlineData("de", null, "de")]
    [InlineData("DE-at", null, "de")]
    [InlineData("pt", null, "pt-BR")]
    [InlineData("pt-PT", null, "pt-BR")]
    [InlineData("xx", "de", "de")]
    [InlineData(null, "de-CH,en;q=0.5", "de")]
    [InlineData(null, "en,de;q=0.9", "en")]
    [InlineData(null, "de;q=0.1, pt-BR;q=0.8", "pt-BR")]
    [InlineData(null, "de;q=0", "en")]
    [InlineData(null, "fr", "en")]
    [InlineData(null, "*", "en")]
    [InlineData(null, ";;;=", "en")]
    [InlineData(null, "", "en")]
    [InlineData("../../etc", null, "en")]
    public void Choose_Locale_TakesTheOneAskedForThenTheBrowsers(string? requested, string? acceptLanguage, string expected) =>
        Assert.Equal(expected, Locales.Choose(requested, acceptLanguage, "en"));

    [Theory]
    [InlineData("Sign in", "Anmelden")]
    [InlineData("Unknown text", "Unknown text")]
    [InlineData("We do not know ada@example.com.", "We do not know ada@example.com.")]
    [InlineData("Continue", "Vorwärts")]
    [InlineData("Try again", "Noch einmal versuchen")]
    [InlineData("Something went wrong. Please try again.", "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.")]
    public void Of_Text_FindsFlowThenBuiltInThenItself(string text, string expected) => Assert.Equal(expected, Locales.For("de").Of(text));

    /// <summary>What a text was made of is known; nobody guesses it from how the text reads.</summary>
    [Theory]
    [InlineData("We do not know {{form.email}}.", "ada@example.com", "ada@example.com kennen wir nicht.")]
    [InlineData("We do not know {{ form.email }}.", "", " kennen wir nicht.")]
    [InlineData("We do not know {{form.email}}.", "{{form.email}}", "{{form.email}} kennen wir nicht.")]
    [InlineData("{{form.email}}", "Sign in", "Anmelden")]
    [InlineData("Hello {{form.email}}", "We do not know {{form.email}}.", "Hello We do not know {{form.email}}.")]
    public void Of_FilledText_FindsTheTemplateAndKeepsTheValues(string template, string value, string expected)
    {
        var values = FlowObject.Empty.With("form.email", FlowValue.From(value));
        var filled = new FilledText(TextPlaces.Fill(template, values), template, values);
        Assert.Equal(expected, Texts("de", new ScreenWording([], [filled])).Of(filled.Text));
    }

    [Fact]
    public void Screen_ProblemsOfInputs_AreSentencesInTheLanguage()
    {
        var screen = FlowValue.Parse(
            """
            { "components": [ { "type": "EmailInput", "name": "e", "label": "Email" }, { "type": "TextInput", "name": "n" } ],
              "state": { "form": {}, "errorText": "Email is required. n must have at least 3 characters." } }
            """
        );
        var wording = new ScreenWording(
            [
                new InputProblem("e", InputErrors.Required.Code, FlowObject.Empty),
                new InputProblem("n", InputErrors.MinLength.Code, FlowObject.Empty.With("count", FlowValue.From(3))),
                new InputProblem("n", "input.of_another_version", FlowObject.Empty),
            ],
            []
        );

        Assert.Equal(
            "E-Mail fehlt noch. n braucht mindestens 3 Zeichen. n hat nicht die richtige Form.",
            Texts("de", wording).Screen(screen).Get("state").Get("errorText").ToText()
        );
        Assert.Equal(["e", "n", "n"], Texts("en", wording).Problems(screen).Select(problem => problem.Name));
        Assert.Equal("Email is required.", Texts("en", wording).Problems(screen)[0].Text);
    }

    [Fact]
    public void Screen_AllTexts_AreTranslatedAndValuesAreNot()
    {
        var wording = new ScreenWording([new InputProblem("Email", InputErrors.Required.Code, FlowObject.Empty)], []);
        var screen = Texts("de", wording)
            .Screen(
                FlowValue.Parse(
                    """
                    { "id": "s", "title": "Sign in",
                      "components": [ { "type": "TextInput", "name": "Email", "label": "Email", "placeholder": "Email",
                      "default": "Email" },
                      { "type": "Select", "name": "o", "options": [ { "value": "Email", "text": "Email" } ] },
                        { "type": "Button", "id": "Continue", "text": "Continue" } ],
                      "state": { "form": { "a": "Sign in" }, "errorText": "Email is required." } }
                    """
                )
            );
        Assert.Equal(
            FlowValue.Parse(
                """
                { "id": "s", "title": "Anmelden",
                  "components": [ { "type": "TextInput", "name": "Email", "label": "E-Mail", "placeholder": "E-Mail", "default": "Email" },
                  { "type": "Select", "name": "o", "options": [ { "value": "Email", "text": "E-Mail" } ] },
                    { "type": "Button", "id": "Continue", "text": "Vorwärts" } ],
                  "state": { "form": { "a": "Sign in" }, "errorText": "E-Mail fehlt noch." } }
                """
            ),
            screen
        );
    }

    [Fact]
    public void BuiltInTexts_EveryLanguage_HasEveryTextWithItsPlaces()
    {
        var texts = typeof(BuiltInTexts)
            .GetFields()
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();
        Assert.True(texts.Count > 30);
        foreach (var language in BuiltInTexts.Names)
        {
            var translations = BuiltInTexts.For(language);
            Assert.All(texts, text => Assert.False(translations.Get(text).IsMissing, $"{language}: {text}"));
            foreach (var (text, translation) in translations)
                Assert.Equal(
                    text.Split("{{").Skip(1).Select(part => part.Split("}}")[0]).Order(),
                    translation.ToText().Split("{{").Skip(1).Select(part => part.Split("}}")[0]).Order()
                );
        }
    }

    [Fact]
    public void BuiltInTexts_EveryLanguage_HasASentenceForEveryProblemOfAnInput() =>
        Assert.All(
            BuiltInTexts.Names,
            language =>
                Assert.All(InputErrors.All, error => Assert.False(BuiltInTexts.For(language).Get(error.Meaning).IsMissing, error.Code))
        );

    private static ScreenTexts Texts(string locale, ScreenWording wording) => new(Locales.For(locale), wording, ComponentCatalog.BuiltIn);

    [Fact]
    public void For_UnknownLocales_IsNotRemembered()
    {
        for (var i = 0; i < 1000; i++)
            Assert.Equal("Sign in", Locales.For("x" + i).Of("Sign in"));
        Assert.NotSame(Locales.For("x1"), Locales.For("x1"));
        Assert.Same(Locales.For("de"), Locales.For("de"));
    }
}
