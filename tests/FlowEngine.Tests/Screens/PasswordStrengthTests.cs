using FlowEngine.Screens;

namespace FlowEngine.Tests.Screens;

/// <summary>How hard a password is to guess.</summary>
public sealed class PasswordStrengthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("password", 0)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)]
    public void Of_WhatIsGuessedFirst_IsAtMost(string password, int most) => Assert.InRange(PasswordStrength.Of(password), 0, most);

    [Fact]
    public void Of_SeveralWords_IsEnough() => Assert.True(PasswordStrength.Of("violet otter bakes seven kites") >= PasswordStrength.Enough);

    [Fact]
    public void Of_WhatThoseKnowWhoGuess_CountsLess() =>
        Assert.True(PasswordStrength.Of("kw9tqzuvnp", "kw9tqzuvnp@example.com") < PasswordStrength.Of("kw9tqzuvnp"));

    /// <summary>What is behind the characters that are looked at costs nothing: the same work for 64 and for 100,000.</summary>
    [Fact]
    public void Of_ALongPassword_LooksAtItsBeginningOnly()
    {
        var beginning = "violet otter bakes seven kites and a Tuesday of quiet thunder xyz"[..PasswordStrength.MostCharacters];
        Assert.Equal(PasswordStrength.Of(beginning), PasswordStrength.Of(beginning + new string('q', 100_000)));
    }

    [Fact]
    public void Of_FromManyThreads_GivesTheSame()
    {
        string[] passwords = ["password1", "violet otter bakes seven kites", "qwertyuiop", "Tr0ub4dor&3", "correct horse battery"];
        var alone = passwords.Select(password => PasswordStrength.Of(password, "ada@example.com")).ToList();
        Parallel.For(0, 40, i => Assert.Equal(alone[i % 5], PasswordStrength.Of(passwords[i % 5], "ada@example.com")));
    }
}
