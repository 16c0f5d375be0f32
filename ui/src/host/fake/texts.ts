// Template texts of the bank: payments-api in two versions, and a plain one for every other service.

const head = (description: string) => `AWSTemplateFormatVersion: "2010-09-09"
Description: ${description}
Parameters:
  Environment: { Type: String }
  LogRetention: { Type: Number, Default: 14 }
  ReservedConcurrency: { Type: Number, Default: 50 }
Conditions:
  IsProduction: !Equals [!Ref Environment, prod]
Resources:
`;

const role = (actions: string[]) => `  PaymentsRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: data
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
${actions.map((action) => `                  - ${action}\n`).join("")}                Resource: !ImportValue transactions-table-arn
`;

const lambda = (runtime: string, extra: string) => `  PaymentsFn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: ${runtime}
      Handler: payments.handler
      MemorySize: 1024
      Timeout: 30
      Role: !GetAtt PaymentsRole.Arn
      ReservedConcurrentExecutions: !Ref ReservedConcurrency
      Environment:
        Variables:
          LIMIT_DAILY: "{{resolve:ssm:/payments/limit-daily}}"
${extra}  PaymentsLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/\${PaymentsFn}
      RetentionInDays: !Ref LogRetention
`;

const deployment = (stamp: string) => `  PaymentsApiDeployment${stamp}:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref PaymentsApi
`;

const queue = `  DailyLimitQueue:
    Type: AWS::SQS::Queue
    Properties:
      MessageRetentionPeriod: 345600
      SqsManagedSseEnabled: true
`;

export const paymentsBefore =
  head("API de pagos") + role(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]) + lambda("nodejs20.x", "") + deployment("4f1");
export const paymentsAfter =
  head("API de pagos") + role(["dynamodb:*"]) + lambda("nodejs22.x", "          DAILY_QUEUE: !Ref DailyLimitQueue\n") + deployment("8c4") + queue;

export const plainTemplate = (service: string, version: string) => `${head(`Servicio ${service}`)}  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Description: ${service} ${version}
  Topic:
    Type: AWS::SNS::Topic
`;

export const paymentsCommits: [string, string, string, number][] = [
  ["8c41d0e5", "Allow the daily limit job to clean up items", "Diego Mora", 900],
  ["51be902a", "Move the payments function to Node.js 22", "Sofía Lara", 1_500],
  ["77aa01c3", "Queue the daily limits instead of writing them inline", "Diego Mora", 2_000],
  ["e0f4412b", "Alarm on the age of the oldest limit message", "Sofía Lara", 3_100],
  ["0b3c5d9f", "Reject transfers to the same account earlier", "Sofía Lara", 4_400],
  ["a94cc0d1", "Ajusta los mensajes de error para Perú", "Lucía Peña", 5_800],
];
