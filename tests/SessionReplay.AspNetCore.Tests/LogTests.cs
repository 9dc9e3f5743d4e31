using System.Reflection;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Tests;

public sealed class LogTests
{
    [Fact]
    public void Log_EachMessage_HasAnEventIdOfItsOwn()
    {
        var ids = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId).ToList();

        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct(), ids);
    }
}
