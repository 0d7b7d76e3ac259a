using System.Collections.Concurrent;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Server.Tests.Screens.Serving;

/// <summary>The published flows of a test server.</summary>
internal sealed class TestFlows : HostedFlows
{
    private readonly ConcurrentDictionary<string, (FlowPlan Plan, HostedFlow Hosted)> _published = new(StringComparer.Ordinal);

    public void Publish(string json)
    {
        var result = FlowCompiler.Compile(FlowValue.Parse(json), new CompilationEnvironment());
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        _published[result.Plan.FlowId] = (result.Plan, HostedFlow.Of(result.Plan));
    }

    public FlowPlan? PlanOf(string flowId) => _published.TryGetValue(flowId, out var found) ? found.Plan : null;

    public override ValueTask<HostedFlow?> FindAsync(string flowId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_published.TryGetValue(flowId, out var found) ? found.Hosted : null);

    /// <summary>A sign-in: e-mail and password, then a code; ghost@ is not known; forgot leads to another screen.</summary>
    public const string Login = """
        {
          "id": "login", "name": "Sign in to Harbour", "start": "signIn",
          "redirectUris": [ "https://app.example/callback", "https://app.example/callback?tenant=1", "harbour://signed-in" ],
          "inputs": { "age": { "type": "integer" }, "login_hint": { "type": "string" } },
          "locales": { "de": {
            "Welcome back": "Willkommen zurück", "Sign in to go on to Harbour.": "Melden Sie sich an, um zu Harbour zu gelangen.",
              "Email": "E-Mail", "Password": "Passwort",
            "Keep me signed in": "Angemeldet bleiben", "Forgot your password?": "Passwort vergessen?", "Sign in": "Anmelden",
              "User Not Found": "Konto nicht gefunden",
            "We do not know {{form.email}}.": "{{form.email}} kennen wir nicht.", "Try another address": "Andere Adresse verwenden",
              "Check your phone": "Schauen Sie auf Ihr Telefon",
            "We sent a six-digit code to the number that ends in 42.":
              "Wir haben einen sechsstelligen Code an die Nummer mit der Endung 42 gesendet.",
            "Code": "Code", "Verify": "Bestätigen", "Use another way": "Anderen Weg wählen" } },
          "activities": [
            { "id": "signIn", "type": "Screen", "screen": "sign-in" },
            { "id": "known", "type": "Condition",
              "branches": [ { "outcome": "Ghost", "rules": [ { "key": "form.email", "operator": "starts-with", "value": "ghost" } ] } ] },
            { "id": "notFound", "type": "Screen", "screen": "not-found" },
            { "id": "forgot", "type": "Screen", "screen": "forgot" },
            { "id": "code", "type": "Screen", "screen": "code" },
            { "id": "user", "type": "SetUser", "user": { "userId": "42", "email": "{{form.email}}" } },
            { "id": "done", "type": "End", "outputs": { "email": "{{form.email}}", "hint": "{{client.login_hint}}",
              "age": "{{client.age}}" } }
          ],
          "connections": [
            { "source": "signIn", "port": "submit", "target": "known" },
            { "source": "signIn", "port": "forgot", "target": "forgot" },
            { "source": "forgot", "port": "back", "target": "signIn" },
            { "source": "known", "port": "Ghost", "target": "notFound" },
            { "source": "known", "port": "Else", "target": "code" },
            { "source": "notFound", "port": "submit", "target": "signIn" },
            { "source": "code", "port": "submit", "target": "user" },
            { "source": "code", "port": "other", "target": "signIn" },
            { "source": "user", "port": "Done", "target": "done" }
          ],
          "screens": [
            { "id": "sign-in", "title": "Welcome back", "components": [
              { "type": "Text", "variant": "subtitle", "text": "Sign in to go on to Harbour." },
              { "type": "ErrorMessage" },
              { "type": "EmailInput", "name": "email", "label": "Email", "required": true, "default": "{{client.login_hint ?? \"\"}}" },
              { "type": "PasswordInput", "name": "password", "label": "Password", "required": true, "minLength": 4 },
              { "type": "Link", "id": "forgot", "text": "Forgot your password?" },
              { "type": "Checkbox", "name": "remember", "label": "Keep me signed in" },
              { "type": "Button", "id": "submit", "text": "Sign in" } ] },
            { "id": "not-found", "title": "User Not Found", "components": [
              { "type": "Text", "text": "We do not know {{form.email}}." },
              { "type": "Button", "id": "submit", "text": "Try another address" } ] },
            { "id": "forgot", "title": "Reset your password", "components": [ { "type": "Button", "id": "back", "text": "Back" } ] },
            { "id": "code", "title": "Check your phone", "components": [
              { "type": "Text", "text": "We sent a six-digit code to the number that ends in 42." },
              { "type": "CodeInput", "name": "code", "label": "Code", "required": true, "minLength": 6, "maxLength": 6 },
              { "type": "Button", "id": "submit", "text": "Verify" },
              { "type": "Link", "id": "other", "text": "Use another way" } ] }
          ]
        }
        """;

    /// <summary>One screen whose buttons lead to every kind of end but a good one.</summary>
    public const string Endings = """
        {
          "id": "endings", "name": "Endings", "start": "ask", "requirePkce": false, "redirectUris": [ "https://app.example/callback" ],
          "locales": { "de": { "Not you, {{form.name}}.": "Nicht Sie, {{form.name}}." } },
          "activities": [
            { "id": "ask", "type": "Screen", "screen": "ask", "maxSubmits": 3 },
            { "id": "known", "type": "SetUser", "user": { "userId": "42" } },
            { "id": "refused", "type": "End", "name": "Refused", "kind": "refused", "message": "Not you, {{form.name}}." },
            { "id": "never", "type": "Condition", "branches": [ { "outcome": "Pin", "rules": [
              { "key": "form.pin", "operator": "not-empty" }, { "key": "form.pin", "operator": "equal", "value": "{{form.code}}" } ] } ] },
            { "id": "script", "type": "Scriptlet", "code": "throw new Error('broken');" },
            { "id": "done", "type": "End" }
          ],
          "connections": [
            { "source": "ask", "port": "refuse", "target": "known" }, { "source": "known", "port": "Done", "target": "refused" },
            { "source": "ask", "port": "fail", "target": "never" }, { "source": "never", "port": "Pin", "target": "done" },
            { "source": "ask", "port": "break", "target": "script" }, { "source": "script", "port": "Success", "target": "done" },
            { "source": "ask", "port": "again", "target": "ask", "message": "Again, {{form.name}}." }
          ],
          "screens": [ { "id": "ask", "title": "How shall it end?", "components": [
            { "type": "TextInput", "name": "name", "required": true }, { "type": "TextInput", "name": "pin", "label": "Pin" },
              { "type": "CodeInput", "name": "code", "label": "Code" },
            { "type": "Button", "id": "refuse" }, { "type": "Button", "id": "fail" }, { "type": "Button", "id": "break" },
              { "type": "Button", "id": "again" } ] } ]
        }
        """;

    /// <summary>One screen with every component.</summary>
    public const string Everything = """
        {
          "id": "everything", "name": "Everything", "start": "all",
          "activities": [ { "id": "all", "type": "Screen", "screen": "all" }, { "id": "done", "type": "End" } ],
          "connections": [ { "source": "all", "port": "create", "target": "done" },
            { "source": "all", "port": "existing", "target": "done" }, { "source": "all", "port": "skip", "target": "done" } ],
          "screens": [ { "id": "all", "title": "Create your account", "components": [
            { "type": "Image", "src": "/logo.svg", "alt": "Harbour" },
            { "type": "Text", "variant": "subtitle", "text": "It takes a minute. You can change everything later." },
            { "type": "Link", "id": "existing", "text": "I already have an account" },
            { "type": "ErrorMessage" },
            { "type": "TextInput", "name": "name", "label": "Full name", "required": true, "placeholder": "Ada Lovelace" },
            { "type": "EmailInput", "name": "email", "label": "Email", "required": true },
            { "type": "PhoneInput", "name": "phone", "label": "Phone", "placeholder": "+49 30 1234567" },
            { "type": "Select", "name": "plan", "label": "Plan", "required": true,
              "options": [ { "value": "s", "text": "Starter" }, { "value": "t", "text": "Team" } ] },
            { "type": "Divider", "text": "Security" },
            { "type": "PasswordInput", "name": "newPassword", "label": "Choose a password", "required": true, "minLength": 8 },
            { "type": "CodeInput", "name": "code", "label": "Invitation code", "placeholder": "6 digits" },
            { "type": "Text", "variant": "title", "text": "One last thing" },
            { "type": "Checkbox", "name": "terms", "label": "I have read and accept the terms", "required": true },
            { "type": "Link", "href": "https://example.com/terms", "text": "Read the terms" },
            { "type": "Button", "id": "create", "text": "Create account" },
            { "type": "Button", "id": "skip", "text": "Not now" },
            { "type": "Divider" },
            { "type": "Text", "variant": "caption", "text": "We never sell your data." } ] } ]
        }
        """;
}
