using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>Settings of the storage worker.</summary>
public sealed class WorkerOptions
{
    /// <summary>Gets or sets how many messages are worked on at the same time.</summary>
    /// <value>From 1 to 256. The default value is 16.</value>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 16;
}
