using System.Reflection;
using Google.Protobuf.Reflection;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Batches;

public sealed class BatchPoliciesTests
{
    private static readonly MessageDescriptor[] OfIdsAndMessages = [EventBatch.Descriptor, Event.Descriptor];

    public static TheoryData<string> Messages =>
        [.. EventBatchReflection.Descriptor.MessageTypes.Except(OfIdsAndMessages).Select(message => message.Name)];

    /// <summary>A field that is added to the format must be given a policy: as an unknown one it would be sanitized by guess.</summary>
    [Theory]
    [MemberData(nameof(Messages))]
    public void Policy_OfMessage_CoversEveryTextAndMessageAndNothingElse(string name)
    {
        var message = EventBatchReflection.Descriptor.MessageTypes.Single(type => type.Name == name);
        var policies = (MessagePolicy)typeof(BatchPolicies)
            .GetField(
                name.Replace("Event", "", StringComparison.Ordinal).Replace("Context", "", StringComparison.Ordinal),
                BindingFlags.Public | BindingFlags.Static)!
            .GetValue(null)!;

        Assert.All(Enumerable.Range(0, 64), number => Assert.Equal(Expected(message.FindFieldByNumber(number)), policies.Of(number)));
    }

    private static FieldPolicy Expected(FieldDescriptor? field) => field switch
    {
        { FieldType: FieldType.String } when field.Name.EndsWith("_json", StringComparison.Ordinal) => FieldPolicy.Json,
        { FieldType: FieldType.String } => FieldPolicy.Text,
        { FieldType: FieldType.Message } when field.MessageType == Header.Descriptor => FieldPolicy.Header,
        { FieldType: FieldType.Message or FieldType.Bytes } =>
            throw new InvalidOperationException($"{field.FullName} has no policy in this test."),
        _ => FieldPolicy.Unknown,
    };
}
