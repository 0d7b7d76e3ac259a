using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;

namespace FlowEngine.HttpConnector.Tests.Signing;

public sealed class SignatureTemplateTests
{
    [Fact]
    public void Parse_AllElements_KeepsTheirOrder()
    {
        var template = SignatureTemplate.Parse(" METHOD , URI,HEADER_x-descope-timestamp ,\tBODY ");

        Assert.Equal(
            [new(SignaturePart.Method), new(SignaturePart.Uri), new(SignaturePart.Header, "x-descope-timestamp"), new(SignaturePart.Body)],
            template.Elements
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("METHOD,,BODY")]
    [InlineData("METHOD,")]
    [InlineData("METHOD;BODY")]
    [InlineData("method")]
    [InlineData("BODY2")]
    [InlineData("HEADER_")]
    [InlineData("HEADER_a b")]
    [InlineData("HEADER_a:b")]
    [InlineData("header_x")]
    [InlineData("HEADER_x-descope-webhook-s256")]
    [InlineData("HEADER_Traceparent")]
    [InlineData("HEADER_connection")]
    public void Parse_UnknownElement_IsRefused(string? text)
    {
        Assert.False(SignatureTemplate.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.Throws<FormatException>(() => SignatureTemplate.Parse(text!));
    }
}
