using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.AspNetCore.Web.Management.People;
using FlowEngine.AspNetCore.Web.Management.Runs.Cases;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>Records as JSON: what is refused and where, numbers digit by digit, and nothing told that is marked sensitive.</summary>
public sealed class RequestBodyTests
{
    private static readonly JsonContract Contract = new(ApiContract.Records);

    [Theory]
    [InlineData("""{ "flowId": 1 }""", "/flowId", "'flowId' is not a text of at most 256 characters.")]
    [InlineData("{}", "/flowId", "'flowId' is not a text.")]
    [InlineData("""{ "flowId": null }""", "/flowId", "'flowId' is not a text.")]
    [InlineData("""{ "flowId": "a\u0000" }""", "/flowId", "'flowId' is not a text of at most 256 characters.")]
    [InlineData("""{ "flowId": "a", "options": [] }""", "/options", "'options' is not an object.")]
    [InlineData("""{ "flowId": "a", "options": { "client": 1 } }""", "/options/client", "'client' is not an object.")]
    [InlineData(
        """{ "flowId": "a", "options": { "locale": 1 } }""",
        "/options/locale",
        "'locale' is not a text of at most 256 characters."
    )]
    [InlineData("""{ "flowId": "a", "version": "1" }""", "/version", "'version' is not a whole number.")]
    [InlineData("""{ "flowId": "a", "version": 1.5 }""", "/version", "'version' is not a whole number.")]
    [InlineData("[]", null, "The body is not a JSON object.")]
    [InlineData("null", null, "The body is not a JSON object.")]
    [InlineData("{", null, "The body is not JSON, or nests too deeply.")]
    [InlineData("""{ "flowId": 1 """, null, "The body is not JSON, or nests too deeply.")]
    [InlineData("""{ "flowId": "a" } x""", null, "The body is not JSON, or nests too deeply.")]
    public void Start_ThatCannotBeUsed_IsToldWhere(string json, string? pointer, string message)
    {
        var error = Assert.Throws<ApiException>(() => Read<StartRequest>(json));

        Assert.Equal(("api.body", 400, message), (error.Code.Code, error.StatusCode, error.Message));
        Assert.Equal(pointer, error.Members?.Pointer);
    }

    [Fact]
    public void Start_WithMoreThanIsKnown_IsTaken()
    {
        var start = Read<StartRequest>(
            """
            { "more": { "x": [1] }, "flowId": "a", "flowId": "b", "options": { "redirectUrl": 1,
              "client": { "n": 12345678901234567890 } }, "version": 2 }
            """
        );

        Assert.Equal(("b", 2L), (start.FlowId, start.Version));
        Assert.Equal("""{"n":12345678901234567890}""", FlowValue.From(start.Options!.Client!).ToJson());
    }

    [Fact]
    public void Texts_AreCheckedByWhatTheyAreFor()
    {
        Assert.Throws<ApiException>(() => Read<NewPerson>("""{ "name": "", "password": "p", "role": "viewer" }"""));
        Assert.Throws<ApiException>(() => Read<NewPerson>("""{ "name": "a", "password": "", "role": "viewer" }"""));
        Assert.Throws<ApiException>(() =>
            Read<NewPerson>($$"""{ "name": "{{new string('a', 257)}}", "password": "p", "role": "viewer" }""")
        );
        Assert.Null(Read<PersonChange>("{}").Role);
        Assert.Equal("", Read<PersonChange>("""{ "role": "" }""").Role);
        Assert.Equal("", Read<PublishBody>("""{ "note": "" }""").Note);
        Assert.Equal("\0", Read<ImportBody>("""{ "content": "\u0000" }""").Content);
        Assert.Throws<ApiException>(() => Read<ImportBody>("{}"));
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("-0.1")]
    [InlineData("0.10000000000000000000000000000001")]
    [InlineData("\"\\u0001 \\\" \\\\ é \u2028 <&'+\"")]
    [InlineData("{\"b\":[null,true,{}],\"a\":1}")]
    public void Values_AreWrittenAsTheyWere(string json)
    {
        var answer = new CodeExchange("run", "flow", null, FlowValue.Parse(json));

        Assert.Equal($$"""{"executionId":"run","flowId":"flow","output":{{JsonWriting.ToText(FlowValue.Parse(json))}}}""", Write(answer));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\" \\ / \b\f\n\r\t \u0001 \u007f \u2028 é 😀 <>&'+`")]
    [InlineData("")]
    public void Texts_AreWrittenAsJsonWritingDoes(string text) =>
        Assert.Equal(
            $$"""{"code":{{JsonWriting.ToText(FlowValue.From(text))}},"message":{{JsonWriting.ToText(FlowValue.From(text))}}}""",
            Write(new RunError(text, text))
        );

    [Fact]
    public void WhatIsMarkedSensitive_IsMasked_WhereTheRecordDoesNotTellIt()
    {
        var secret = FlowValue.From(FlowObject.Empty.With("pin", FlowValue.From("1234").AsSensitive()));

        // A golden case may not tell it; the outputs of a program's own run may.
        Assert.Equal("""{"case":{"pin":"***"},"fileName":"f","warnings":[]}""", Write(new GoldenCaseFile(secret, "f", [])));
        Assert.Equal(
            """{"executionId":"r","status":"completed","output":{"pin":"1234"}}""",
            Write(new RunResult("r", "completed", secret))
        );
    }

    private static string Write(object answer) => JsonSerializer.Serialize(answer, Contract.Options.GetTypeInfo(answer.GetType()));

    private static T Read<T>(string json)
        where T : class => RequestBody.Read((JsonTypeInfo<T>)Contract.Options.GetTypeInfo(typeof(T)), Encoding.UTF8.GetBytes(json));
}
