// Plantilla de despliegue: sitio estático sobre S3 y CloudFront.
pipeline {
    agent { label 'aws' }
    parameters {
        choice(name: 'ENVIRONMENT', choices: ['dev', 'qa', 'prod'], description: 'Ambiente')
        string(name: 'VERSION', description: 'Versión')
        string(name: 'PROMOTION_ID', defaultValue: '', description: 'Promoción de Interlock')
        string(name: 'MANIFEST_SHA256', defaultValue: '', description: 'Contenido aprobado')
        string(name: 'ATTEMPT', defaultValue: '1', description: 'Intento de la promoción')
    }
    environment { SERVICE = "${env.JOB_BASE_NAME.replaceFirst('deploy-', '')}" }
    stages {
        stage('Checkout') {
            steps { checkout scmGit(branches: [[name: "refs/tags/${SERVICE}/v${params.VERSION}"]]) }
        }
        stage('Verify promotion') {
            when { expression { params.ENVIRONMENT == 'prod' } }
            steps { sh 'interlock verify --promotion "$PROMOTION_ID" --digest "$MANIFEST_SHA256"' }
        }
        stage('Upload site') {
            steps { sh 'aws s3 sync dist "s3://$(./bin/output BucketName)/$VERSION"' }
        }
        stage('Deploy infrastructure') {
            steps { sh './bin/deploy-stacks "$SERVICE" "variables/$ENVIRONMENT"' }
        }
        stage('Invalidate cache') {
            steps { sh 'aws cloudfront create-invalidation --distribution-id "$(./bin/output DistributionId)" --paths "/*"' }
        }
    }
}
