namespace FlowEngine.Tests.Screens.Components;

/// <summary>Passwords that somebody chooses, by NIST SP 800-63B.</summary>
public sealed class NewPasswordTests
{
    [Theory]
    [InlineData("true", "violet otter bakes seven kites", "")]
    [InlineData("true", "q7#Vz!p2Lw", "p input.min_length")]
    [InlineData("false", "q7#Vz!p2Lw", "")]
    [InlineData("false", "q7#Vz!p", "p input.min_length")]
    [InlineData("false", "password1", "p input.too_weak")]
    [InlineData("true", "qwertyuiopasdfgh", "p input.too_weak")]
    [InlineData("true", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "p input.too_weak")]
    [InlineData("false", "ada.lovelace@example.com", "p input.too_weak")]
    [InlineData("true", "", "p input.required")]
    [InlineData("true", "violet otter\\nbakes seven kites", "p input.control")]
    public async Task Submit_ANewPassword_IsLongEnoughAndNotEasilyGuessed(string onlyFactor, string password, string problems)
    {
        var run = await ScreenFlow.StartAsync(
            $$"""
            { "type": "EmailInput", "name": "email" },
            { "type": "NewPassword", "name": "p", "required": true, "onlyFactor": {{onlyFactor}} }
            """
        );
        Assert.Equal(problems, await ScreenFlow.SubmitAsync(run, $$"""{ "email": "ada.lovelace@example.com", "p": "{{password}}" }"""));
        if (problems.Length == 0)
            Assert.True(ScreenFlow.Form(run).Get("p").IsSensitive);
    }

    [Fact]
    public async Task Submit_ANewPasswordThatIsTooLong_IsRefused_AndCharactersAreNotBytes()
    {
        var run = await ScreenFlow.StartAsync("""{ "type": "NewPassword", "name": "p", "onlyFactor": false }""");
        Assert.Equal("p input.max_length", await ScreenFlow.SubmitAsync(run, $$"""{ "p": "{{new string('x', 257)}}" }"""));
        // Four and eight code points, of which each is two chars.
        Assert.Equal("p input.min_length", await ScreenFlow.SubmitAsync(run, """{ "p": "😀😁😂🤣" }"""));
        Assert.DoesNotContain("min_length", await ScreenFlow.SubmitAsync(run, """{ "p": "😀😁😂🤣😃😄😅😆" }"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_OfANewPassword_HasItsLengths_AndIsASecret()
    {
        var view = ScreenFlow.View(await ScreenFlow.StartAsync("""{ "type": "NewPassword", "name": "p" }"""))[0];
        Assert.Equal(
            ("15", "256", "true"),
            (view.Get("minLength").ToText(), view.Get("maxLength").ToText(), view.Get("sensitive").ToText())
        );
    }
}
